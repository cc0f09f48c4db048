package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import chase.zeus.writes.ReadBacks;

/**
 * A limit to set on one GPU. The caller first checks that the GPU is still at {@code expected}, and
 * writes {@code original} to disk before it writes the GPU.
 *
 * @param limit the limit to request
 * @param expected the requested limit that the GPU should have now
 * @param original the limit to restore when Chase stops
 */
public record Order(GpuId gpu, Watts limit, Watts expected, Watts original) {
  /** Whether a GPU that shows {@code requested} has this order's limit, rounded or not. */
  public boolean isMetBy(Watts requested) {
    return Math.abs(limit.value() - requested.value()) < ReadBacks.ROUNDING_WATTS;
  }

  /** By how many watts the limit rises; 0 where it falls. */
  double raisesBy() {
    return Math.max(limit.value() - expected.value(), 0);
  }
}
