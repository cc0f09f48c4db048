package chase.zeus.engine;

import chase.zeus.gpu.PowerBound;
import chase.zeus.unit.Joules;
import java.time.Duration;
import java.time.Instant;

/** What a card's own energy counter showed at a time. */
public record EnergyCounter(Joules shown, Instant at) {
  /** A clock that was set back says nothing of the time that passed. */
  private static final Duration UNKNOWN_TIME = Duration.ofMinutes(1);

  /** Whether it can show {@code later} after this, on a card that draws within {@code bound}. */
  boolean canBecome(EnergyCounter later, PowerBound bound) {
    return !isAbove(later) && bound.allows(until(later), timeUntil(later));
  }

  /** Whether it shows more than {@code other}. */
  boolean isAbove(EnergyCounter other) {
    return shown.compareTo(other.shown) > 0;
  }

  /** What was used since, until it shows the same or more. */
  Joules until(EnergyCounter later) {
    return new Joules(later.shown.value() - shown.value());
  }

  /** The time between both. */
  Duration timeUntil(EnergyCounter later) {
    Duration gap = Duration.between(at, later.at);
    return gap.isNegative() ? UNKNOWN_TIME : gap;
  }
}
