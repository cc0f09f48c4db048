package chase.zeus.replay;

import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A time in which nothing changed.
 *
 * @param from its start
 * @param to its end, excluded
 * @param limit the power limit; empty while the job paused
 * @param power the draw, the host's share included
 */
public record Span(Instant from, Instant to, Optional<Watts> limit, Watts power) {
  /** How long it was. */
  public double seconds() {
    return seconds(from, to);
  }

  static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}
