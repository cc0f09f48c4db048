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
  /** Whether this order puts the card back to where Chase found it. */
  public boolean restores() {
    return limit.sameLimitAs(original);
  }
}
