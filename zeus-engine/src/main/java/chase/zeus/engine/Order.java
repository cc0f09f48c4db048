package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;

/**
 * A limit to set on one GPU. The caller first checks that the GPU is still at {@code expected}, and
 * writes {@code original} to disk before it writes the GPU.
 *
 * @param limit the limit to request
 * @param expected the requested limit that the GPU should have now
 * @param original the limit to restore when Chase stops
 */
public record Order(GpuId gpu, Watts limit, Watts expected, Watts original) {
  /** A driver may round a limit by less than this; a larger difference means another limit. */
  static final double ROUNDING_WATTS = 1;

  /** Whether a GPU that shows {@code requested} has this order's limit, rounded or not. */
  public boolean isMetBy(Watts requested) {
    return Math.abs(limit.value() - requested.value()) < ROUNDING_WATTS;
  }
}
