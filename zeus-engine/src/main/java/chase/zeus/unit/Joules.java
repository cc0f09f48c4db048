package chase.zeus.unit;

import java.util.Locale;

/**
 * Energy in joules, finite and never negative.
 *
 * @param value joules
 */
public record Joules(double value) implements Comparable<Joules> {
  /** No energy at all. */
  public static final Joules ZERO = new Joules(0);

  /** Refuses negative and non-finite numbers with {@link IllegalArgumentException}. */
  public Joules {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("joules must be finite and >= 0: " + value);
    }
    value += 0.0; // minus zero is zero, and equal to it
  }

  /** Energy from a driver's millijoules. */
  public static Joules ofMillijoules(long millijoules) {
    return new Joules(millijoules / 1000.0);
  }

  /** The sum of both energies. */
  public Joules plus(Joules other) {
    return new Joules(value + other.value);
  }

  /** This energy in kilowatt-hours (1 kWh = 3.6 MJ). */
  public double kilowattHours() {
    return value / 3.6e6;
  }

  @Override
  public int compareTo(Joules other) {
    return Double.compare(value, other.value);
  }

  /** Such as {@code 12.5 J}: one decimal. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1f J", value);
  }
}
