package chase.zeus.replay;

import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A job to replay.
 *
 * @param start when it begins
 * @param atFullPower how long it takes at full power, above zero
 * @param idle what it draws while it pauses; empty when it may not pause
 */
public record ReplayJob(Instant start, Duration atFullPower, Optional<Watts> idle) {
  /** Refuses a job without work. */
  public ReplayJob {
    if (!atFullPower.isPositive()) {
      throw new IllegalArgumentException("a job must take longer than " + atFullPower);
    }
  }

  /** The work, in seconds at full power. */
  double work() {
    return atFullPower.toNanos() / 1e9;
  }

  /** The moment by which it is done when it is at most {@code bound} slower than at full power. */
  Instant latestEnd(double bound) {
    return start.plusNanos((long) Math.ceil(work() * (1 + bound) * 1e9));
  }
}
