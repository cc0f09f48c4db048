package chase.zeus.gpu.simulated;

import chase.zeus.fixtures.ManualClock;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.WritableGpuContract;
import java.util.List;

class SimulatedGpuTest extends WritableGpuContract {
  private final Gpu gpu =
      SimulatedGpus.of(List.of(GpuPreset.H100_SXM), new ManualClock()).all().get(0);

  @Override
  protected Gpu gpu() {
    return gpu;
  }
}
