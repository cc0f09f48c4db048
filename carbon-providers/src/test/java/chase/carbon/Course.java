package chase.carbon;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Makes the numbers of one series, each for the period after the one before. */
public final class Course {
  private final Signal signal;
  private final Duration period;
  private Instant next;

  /** A series that begins at {@code start}. */
  public Course(Signal signal, Duration period, Instant start) {
    this.signal = signal;
    this.period = period;
    this.next = start;
  }

  /** Where the next number's period begins. */
  public Instant next() {
    return next;
  }

  /** Leaves out that many periods. */
  public void skip(int periods) {
    next = next.plus(period.multipliedBy(periods));
  }

  /** The number for the next period, fetched as it begins. */
  public CarbonIntensity of(double grams) {
    CarbonIntensity made = at(next, grams, next);
    next = next.plus(period);
    return made;
  }

  /** A number for any period. */
  public CarbonIntensity at(Instant from, double grams, Instant published) {
    return sample(from, grams, published, new Origin.Measured());
  }

  /** A number of any origin. */
  public CarbonIntensity sample(Instant from, double grams, Instant published, Origin origin) {
    return new CarbonIntensity(
        new GramsPerKwh(grams),
        signal,
        origin,
        "grid",
        new Region("X"),
        from,
        from.plus(period),
        published,
        published,
        Optional.empty());
  }
}
