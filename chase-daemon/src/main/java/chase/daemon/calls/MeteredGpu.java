package chase.daemon.calls;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** A GPU that tells how long each of its calls took and which of them failed. */
public record MeteredGpu(Gpu gpu, CallLog listener, LongSupplier nanos) implements Gpu {
  interface Call<T> {
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
    return new MeteredKnobs(gpu.settings(), this);
  }

  @Override
  public PowerLimits powerLimits() throws GpuException {
    return timed("power_limits", gpu::powerLimits);
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

  <T> T timed(String function, Call<T> call) throws GpuException {
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
