package chase.zeus.unit;

import java.time.Duration;
import java.util.Locale;

/**
 * Electric power in watts, finite and never negative.
 *
 * @param value watts
 */
public record Watts(double value) implements Comparable<Watts> {
  /** No power at all. */
  public static final Watts ZERO = new Watts(0);

  /** Refuses negative and non-finite numbers with {@link IllegalArgumentException}. */
  public Watts {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("watts must be finite and >= 0: " + value);
    }
    value += 0.0; // minus zero is zero, and equal to it
  }

  /** Power from a driver's milliwatts. */
  public static Watts ofMilliwatts(long milliwatts) {
    return new Watts(milliwatts / 1000.0);
  }

  /** This power in whole milliwatts, rounded to the nearest. */
  public long toMilliwatts() {
    return Math.round(value * 1000);
  }

  /** The energy that this power does in {@code time}. */
  public Joules times(Duration time) {
    return new Joules(value * (time.toNanos() / 1e9));
  }

  /** This power times a factor without a unit; the factor must be finite and not negative. */
  public Watts times(double factor) {
    return new Watts(value * factor);
  }

  /** The sum of both powers. */
  public Watts plus(Watts other) {
    return new Watts(value + other.value);
  }

  /** The smaller of both. */
  public Watts min(Watts other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** The larger of both. */
  public Watts max(Watts other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** Whether both round to the same whole milliwatt, the finest step that a driver knows. */
  public boolean sameLimitAs(Watts other) {
    return toMilliwatts() == other.toMilliwatts();
  }

  @Override
  public int compareTo(Watts other) {
    return Double.compare(value, other.value);
  }

  /** Such as {@code 250 W} or {@code 212.5 W}: at most one decimal. */
  @Override
  public String toString() {
    double tenths = Math.rint(value * 10) / 10;
    return tenths == Math.rint(tenths)
        ? String.format(Locale.ROOT, "%.0f W", tenths)
        : String.format(Locale.ROOT, "%.1f W", tenths);
  }
}
