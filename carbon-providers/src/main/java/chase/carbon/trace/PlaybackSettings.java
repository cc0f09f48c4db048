package chase.carbon.trace;

import java.time.Instant;
import java.util.Optional;

/**
 * How a trace is played.
 *
 * @param speed trace time over wall time, above 0; at 4320 an hour lasts 0.83 s
 * @param start the instant of the trace to begin with; its first row where empty
 * @param repeat whether to begin again after the end, for ever
 */
public record PlaybackSettings(double speed, Optional<Instant> start, boolean repeat) {
  /** A day of recording lasts three years; slower, and times would leave the range of a clock. */
  private static final double SLOWEST = 0.001;

  /** Refuses a speed under a thousandth, or infinite, with {@link IllegalArgumentException}. */
  public PlaybackSettings {
    if (!(speed > 0) || Double.isInfinite(speed)) {
      throw new IllegalArgumentException("trace speed: must be above 0, is " + speed);
    }
    if (speed < SLOWEST) {
      throw new IllegalArgumentException(
          "trace speed: must be at least " + SLOWEST + ", is " + speed);
    }
  }
}
