package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;

/**
 * A limit to set on one GPU. Whoever carries it out first checks that the card is still at {@code
 * expected}, and writes {@code original} to disk before the card.
 *
 * @param gpu the card
 * @param limit the limit to request
 * @param expected the requested limit that the engine believes the card has
 * @param original the limit to put back when Chase goes
 */
public record Order(GpuId gpu, Watts limit, Watts expected, Watts original) {
  /** A driver may round a limit by less than this; a larger difference is another writer's. */
  static final double ROUNDING_WATTS = 1;

  /** Whether a card that shows {@code requested} has this order's limit, rounded or not. */
  public boolean isMetBy(Watts requested) {
    return Math.abs(limit.value() - requested.value()) < ROUNDING_WATTS;
  }
}
