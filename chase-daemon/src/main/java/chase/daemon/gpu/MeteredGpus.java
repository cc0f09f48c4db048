package chase.daemon.gpu;

import chase.daemon.calls.CallLog;
import chase.daemon.calls.MeteredGpu;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.Gpus;
import java.util.List;
import java.util.function.LongSupplier;

/** The GPUs of a driver, with every call to a real card that is open told to a {@link CallLog}. */
public final class MeteredGpus implements Gpus {
  private final Gpus gpus;
  private final List<GpuSlot> metered;

  /**
   * Asks nothing; simulated cards are passed through, because no driver is called.
   *
   * @param nanos a clock that never goes back, such as {@code System::nanoTime}
   */
  public MeteredGpus(Gpus gpus, CallLog log, LongSupplier nanos) {
    this.gpus = gpus;
    this.metered =
        gpus.slots().stream().<GpuSlot>map(slot -> new MeteredSlot(slot, log, nanos)).toList();
  }

  private record MeteredSlot(GpuSlot slot, CallLog listener, LongSupplier nanos)
      implements GpuSlot {
    @Override
    public int index() {
      return slot.index();
    }

    @Override
    public Gpu identify() throws GpuException {
      return metered(slot.identify());
    }

    @Override
    public Gpu open() throws GpuException {
      return metered(slot.open());
    }

    private Gpu metered(Gpu gpu) {
      return gpu.traits().simulated() ? gpu : new MeteredGpu(gpu, listener, nanos);
    }
  }

  @Override
  public List<GpuSlot> slots() {
    return metered;
  }

  @Override
  public void close() {
    gpus.close();
  }
}
