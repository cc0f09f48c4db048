package chase.zeus.gpu.nvml;

import chase.zeus.fixtures.FakeDriver;
import chase.zeus.fixtures.OpenedGpus;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A fake driver for one test class, compiled once and reset before each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FakeDriverFixture {
  static final int H100 = 0;
  static final int A100 = 1;
  static final int V100 = 2;

  final FakeDriver driver;
  private final List<OpenedGpus> opened = new ArrayList<>();

  FakeDriverFixture(@TempDir Path folder, String... defines) {
    driver = FakeDriver.build(folder, defines);
  }

  @BeforeEach
  void resetDriver() {
    driver.reset("h100", "a100", "v100");
  }

  @AfterEach
  void close() {
    driver.hang(false);
    opened.forEach(OpenedGpus::close);
    opened.clear();
  }

  OpenedGpus open() throws GpuException {
    OpenedGpus gpus = OpenedGpus.open(Optional.of(driver.library()));
    opened.add(gpus);
    return gpus;
  }

  Gpu openFirst() throws GpuException {
    return open().all().getFirst();
  }
}
