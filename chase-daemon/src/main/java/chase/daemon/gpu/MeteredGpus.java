package chase.daemon.gpu;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.Gpus;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** The GPUs of a driver, with every call to a real GPU reported to a {@link CallListener}. */
public final class MeteredGpus implements Gpus {
  private final Gpus gpus;
  private final List<GpuSlot> metered;

  /**
   * Makes no call; simulated GPUs are passed through, because no driver is called.
   *
   * @param nanos a monotonic clock, such as {@code System::nanoTime}
   */
  public MeteredGpus(Gpus gpus, CallListener log, LongSupplier nanos) {
    this.gpus = gpus;
    this.metered =
        gpus.slots().stream().<GpuSlot>map(slot -> new MeteredSlot(slot, log, nanos)).toList();
  }

  private record MeteredSlot(GpuSlot slot, CallListener listener, LongSupplier nanos)
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

  /** Receives the duration and the failures of driver calls. From any thread; must not block. */
  public interface CallListener {
    /** A call to {@code function} returned after {@code took}, well or not. */
    void onReturned(String function, Duration took);

    /** A call to {@code function} failed with this kind. */
    void onFailed(String function, GpuException.Kind kind);
  }

  /** A GPU that reports how long each of its calls took and which of them failed. */
  public record MeteredGpu(Gpu gpu, CallListener listener, LongSupplier nanos) implements Gpu {
    interface MeteredCall<T> {
      T call() throws GpuException;
    }

    @Override
    public GpuTraits traits() {
      return gpu.traits();
    }

    @Override
    public GpuTraits refreshTraits() throws GpuException {
      return timed("look", gpu::refreshTraits);
    }

    @Override
    public GpuReading read() throws GpuException {
      return timed("read", gpu::read);
    }

    @Override
    public Watts powerDraw() throws GpuException {
      return timed("power_draw", gpu::powerDraw);
    }

    @Override
    public Joules energy() throws GpuException {
      return timed("energy", gpu::energy);
    }

    @Override
    public GpuSettings settings() {
      return new MeteredSettings(gpu.settings(), this);
    }

    @Override
    public PowerLimits powerLimits() throws GpuException {
      return timed("power_limits", gpu::powerLimits);
    }

    @Override
    public Watts requestedLimit() throws GpuException {
      return timed("power_limits", gpu::requestedLimit);
    }

    @Override
    public List<GpuProcess> processes() throws GpuException {
      return timed("processes", gpu::processes);
    }

    @Override
    public void limitPower(Watts limit) throws GpuException {
      timed(
          "limit_power",
          () -> {
            gpu.limitPower(limit);
            return limit;
          });
    }

    <T> T timed(String function, MeteredCall<T> call) throws GpuException {
      long start = nanos.getAsLong();
      try {
        return call.call();
      } catch (GpuException e) {
        listener.onFailed(function, e.kind());
        throw e;
      } finally {
        listener.onReturned(function, Duration.ofNanos(nanos.getAsLong() - start));
      }
    }
  }

  /** The settings of a GPU whose calls are timed. */
  record MeteredSettings(GpuSettings settings, MeteredGpu timer) implements GpuSettings {
    @Override
    public boolean persistenceMode() throws GpuException {
      return timer.timed("persistence_mode", settings::persistenceMode);
    }

    @Override
    public void persistenceMode(boolean on) throws GpuException {
      timer.timed(
          "set_persistence_mode",
          () -> {
            settings.persistenceMode(on);
            return on;
          });
    }

    @Override
    public void lockClocks(GpuSettings.ClockDomain domain, GpuSettings.ClockRange range)
        throws GpuException {
      timer.timed(
          "lock_clocks",
          () -> {
            settings.lockClocks(domain, range);
            return range;
          });
    }

    @Override
    public void unlockClocks(GpuSettings.ClockDomain domain) throws GpuException {
      timer.timed(
          "unlock_clocks",
          () -> {
            settings.unlockClocks(domain);
            return domain;
          });
    }
  }
}
