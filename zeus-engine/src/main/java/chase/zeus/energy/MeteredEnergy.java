package chase.zeus.energy;

import chase.zeus.gpu.PowerBound;
import chase.zeus.unit.Joules;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One GPU's energy since Chase started, to be extended from a later value of its energy counter.
 *
 * @param joules the energy at {@code counter}; without one, at the last reading
 * @param counter the energy counter when it was last believed; empty while it is in doubt, and for
 *     a GPU without one
 */
public record MeteredEnergy(Joules joules, Optional<EnergyCounter> counter) {
  /**
   * The energy at the value {@code now} of the counter, on a GPU that draws within {@code bound}; a
   * value that the counter cannot have reached is ignored.
   */
  public Joules joulesAt(EnergyCounter now, PowerBound bound) {
    return counter
        .filter(known -> known.canBecome(now, bound))
        .map(known -> joules.plus(known.until(now)))
        .orElse(joules);
  }

  /** The value of a GPU's own energy counter at one moment. */
  public record EnergyCounter(Joules shown, Instant at) {
    /** The time that is assumed to have passed when the clock was set back. */
    private static final Duration UNKNOWN_TIME = Duration.ofMinutes(1);

    /** Whether {@code later} can follow, on a GPU that draws within {@code bound}. */
    boolean canBecome(EnergyCounter later, PowerBound bound) {
      return !isAbove(later) && bound.allows(until(later), timeUntil(later));
    }

    /** Whether it is higher than {@code other}. */
    boolean isAbove(EnergyCounter other) {
      return shown.compareTo(other.shown) > 0;
    }

    /** The energy until {@code later}, which is not lower. */
    Joules until(EnergyCounter later) {
      return new Joules(later.shown.value() - shown.value());
    }

    /** The time until {@code later}. */
    Duration timeUntil(EnergyCounter later) {
      Duration gap = Duration.between(at, later.at);
      return gap.isNegative() ? UNKNOWN_TIME : gap;
    }
  }
}
