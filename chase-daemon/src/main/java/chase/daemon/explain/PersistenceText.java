package chase.daemon.explain;

import chase.zeus.engine.GpuView;
import chase.zeus.gpu.GpuReading;
import java.util.Locale;
import java.util.Optional;

/** Whether the driver may forget what is set on a GPU, in words. */
public final class PersistenceText {
  /** What helps, and where NVIDIA says it. */
  public static final String REMEDY =
      "run nvidia-persistenced with persistence mode (docs.nvidia.com/deploy/driver-persistence)";

  private PersistenceText() {}

  /**
   * A line for a GPU without persistence mode: its driver drops all limits, an administrator's too,
   * once nobody has the GPU open. Empty where the mode is on, not known, or simulated.
   */
  public static Optional<String> warning(GpuView gpu) {
    return gpu.reading()
        .flatMap(GpuReading::persistenceMode)
        .filter(on -> !on && !gpu.traits().simulated())
        .map(off ->
            String.format(
                Locale.ROOT,
                "GPU %d: persistence mode is off: once nobody uses it, Chase included, the driver"
                    + " forgets its limit, the original one too",
                gpu.traits().index()));
  }
}
