package chase.daemon.calls;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.Gpus;
import java.util.List;
import java.util.function.LongSupplier;

/** The GPUs of a driver, with every call to a real card told to a {@link CallLog}. */
public final class MeteredGpus implements Gpus {
  private final Gpus gpus;
  private final List<Gpu> metered;

  /**
   * Looks at {@code gpus} once; simulated cards are passed through, because no driver is called.
   *
   * @param nanos a clock that never goes back, such as {@code System::nanoTime}
   */
  public MeteredGpus(Gpus gpus, CallLog log, LongSupplier nanos) {
    this.gpus = gpus;
    this.metered = gpus.all().stream().map(gpu -> metered(gpu, log, nanos)).toList();
  }

  private static Gpu metered(Gpu gpu, CallLog log, LongSupplier nanos) {
    return gpu.traits().simulated() ? gpu : new MeteredGpu(gpu, log, nanos);
  }

  @Override
  public List<Gpu> all() {
    return metered;
  }

  @Override
  public List<String> unopened() {
    return gpus.unopened();
  }

  @Override
  public void close() {
    gpus.close();
  }
}
