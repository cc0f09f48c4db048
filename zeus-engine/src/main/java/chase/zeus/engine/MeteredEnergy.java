package chase.zeus.engine;

import chase.zeus.gpu.PowerBound;
import chase.zeus.unit.Joules;
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
}
