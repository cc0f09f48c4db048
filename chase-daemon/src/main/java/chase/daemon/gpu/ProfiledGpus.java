package chase.daemon.gpu;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.Gpus;
import chase.zeus.profile.PowerProfile;
import java.util.Optional;
import java.util.function.Function;

/** A driver and the profiles of its GPUs. */
record ProfiledGpus(GpuBackend driver, Function<GpuTraits, Optional<PowerProfile>> profiles)
    implements GpuBackend {
  @Override
  public Gpus open() throws GpuException {
    return driver.open();
  }

  @Override
  public Optional<PowerProfile> profile(GpuTraits gpu) {
    return profiles.apply(gpu);
  }
}
