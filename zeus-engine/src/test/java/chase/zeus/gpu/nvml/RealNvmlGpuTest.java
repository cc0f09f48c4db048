package chase.zeus.gpu.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract on the first card of this host. Reads only: somebody may be using it. */
@Tag("gpu")
class RealNvmlGpuTest extends GpuContract {
  private final NvmlGpus gpus;

  RealNvmlGpuTest() throws Exception {
    gpus = NvmlGpus.open(Optional.empty());
  }

  @Override
  protected Gpu gpu() {
    return gpus.all().getFirst();
  }

  @AfterEach
  void close() {
    gpus.close();
  }

  @Test
  void everyCardThatTheDriverCountsOpens() {
    assertThat(gpus.unopened()).isEmpty();
  }
}
