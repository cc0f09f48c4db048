package chase.zeus.gpu.nvml;

import chase.zeus.fixtures.FakeDriver;
import chase.zeus.fixtures.OpenedGpus;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.WritableGpuContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the fake driver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FakeNvmlGpuTest extends WritableGpuContract {
  private final FakeDriver driver;
  private OpenedGpus gpus;

  FakeNvmlGpuTest(@TempDir Path folder) {
    driver = FakeDriver.build(folder);
  }

  @BeforeEach
  void open() throws Exception {
    driver.reset("h100");
    gpus = OpenedGpus.open(Optional.of(driver.library()));
  }

  @Override
  protected Gpu gpu() {
    return gpus.all().getFirst();
  }

  @AfterEach
  void close() {
    gpus.close();
  }
}
