package chase.zeus.gpu.nvml;

import static chase.zeus.gpu.nvml.Failure.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.fixtures.FakeDriver;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that is replaced by another version while the process runs. */
class UpgradedDriverTest {
  private static final String NEXT = "999.26.01";

  @TempDir Path folder;

  @Test
  void theNewLibraryIsLoadedThoughTheOldOneWas() throws Exception {
    FakeDriver driver = FakeDriver.build(folder);
    assertThat(versionOf(driver)).isEqualTo("999.25.01");
    driver.upgrade(NEXT);
    assertThat(failureOf(() -> versionOf(driver)))
        .isEqualTo(
            new Failure(
                Kind.REOPEN, "NVML cannot start: RM has detected an NVML/RM version mismatch."));
    FakeDriver built = FakeDriver.build(folder.resolve(NEXT), "FAKE_NVML_VERSION=\"" + NEXT + "\"");
    Files.move(built.library(), driver.library(), StandardCopyOption.REPLACE_EXISTING);

    Optional<String> version = Optional.empty();
    for (int tries = 0; version.isEmpty() && tries < 50; tries++) {
      version = versionIfOpen(driver);
    }
    assertThat(version).contains(NEXT);
  }

  private static Optional<String> versionIfOpen(FakeDriver driver) throws InterruptedException {
    try {
      return Optional.of(versionOf(driver));
    } catch (GpuException e) {
      TimeUnit.MILLISECONDS.sleep(20); // the library is unmapped by a thread of JNA
      return Optional.empty();
    }
  }

  private static String versionOf(FakeDriver driver) throws GpuException {
    try (NvmlGpus gpus = NvmlGpus.open(Optional.of(driver.library()), remark -> {})) {
      return gpus.slots().getFirst().open().traits().driverVersion();
    }
  }
}
