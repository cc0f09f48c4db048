package chase.zeus.energy;

import chase.zeus.gpu.PowerBound;
import chase.zeus.unit.Joules;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The energy of a card since Chase started, for whoever asks between two readings.
 *
 * @param joules what was used when {@code counter} showed what it shows; without one, by the last
 *     reading
 * @param counter the card's counter when it was last believed; empty while it is in doubt, and of a
 *     card without one
 */
public record MeteredEnergy(Joules joules, Optional<EnergyCounter> counter) {
  /**
   * What was used when the counter shows {@code now}, on a card that draws within {@code bound};
   * what it cannot show is left aside.
   */
  public Joules joulesAt(EnergyCounter now, PowerBound bound) {
    return counter
        .filter(known -> known.canBecome(now, bound))
        .map(known -> joules.plus(known.until(now)))
        .orElse(joules);
  }

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
}
