package chase.carbon;

import java.time.Duration;
import java.time.Instant;

/** A value that describes one period of time. */
public interface TimedValue {
  /** The start of the period that it describes. */
  Instant validFrom();

  /** The end of that period, excluded. */
  Instant validTo();

  /** How long the period is, above zero. */
  default Duration period() {
    return Duration.between(validFrom(), validTo());
  }

  /** Whether the period includes {@code instant}. */
  default boolean covers(Instant instant) {
    return !instant.isBefore(validFrom()) && instant.isBefore(validTo());
  }

  /**
   * How old the value is at {@code now}, by the data's own time: zero while its period runs, then
   * the time since that period ended.
   */
  default Duration age(Instant now) {
    return now.isBefore(validTo()) ? Duration.ZERO : Duration.between(validTo(), now);
  }
}
