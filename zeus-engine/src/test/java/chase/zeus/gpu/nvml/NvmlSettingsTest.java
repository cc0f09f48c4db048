package chase.zeus.gpu.nvml;

import static chase.zeus.gpu.nvml.Failure.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.gpu.GpuSettings.ClockRange;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvmlSettingsTest extends FakeDriverFixture {
  private static final ClockRange RANGE = new ClockRange(900, 1400);

  NvmlSettingsTest(@TempDir Path folder) {
    super(folder);
  }

  private static boolean lacksRights(ThrowingCallable call) {
    return catchThrowableOfType(GpuException.class, call).lacksPermission();
  }

  @Test
  void whatIsTurnedIsSeenByOtherProcesses() throws Exception {
    Gpu gpu = openFirst();
    gpu.settings().lockClocks(ClockDomain.GPU, RANGE);
    gpu.settings().lockClocks(ClockDomain.MEMORY, new ClockRange(1593, 1593));
    gpu.settings().persistenceMode(true);
    assertThat(driver.lockedClocks(H100, ClockDomain.GPU)).isEqualTo("900-1400");
    assertThat(driver.lockedClocks(H100, ClockDomain.MEMORY)).isEqualTo("1593-1593");
    assertThat(driver.persistence(H100)).isTrue();
    assertThat(gpu.read().memoryClockMegahertz()).hasValue(1593);
    gpu.settings().unlockClocks(ClockDomain.GPU);
    gpu.settings().unlockClocks(ClockDomain.MEMORY);
    assertThat(driver.lockedClocks(H100, ClockDomain.GPU)).isEqualTo("0-0");
    assertThat(driver.lockedClocks(H100, ClockDomain.MEMORY)).isEqualTo("0-0");
  }

  @Test
  void withoutPermissionNothingIsTurnedAndTheReasonIsKnown() throws Exception {
    Gpu gpu = openFirst();
    driver.refuseWrites(H100, true);
    assertThat(lacksRights(() -> gpu.settings().lockClocks(ClockDomain.GPU, RANGE))).isTrue();
    assertThat(lacksRights(() -> gpu.settings().persistenceMode(true))).isTrue();
    assertThat(lacksRights(() -> gpu.limitPower(new Watts(300)))).isTrue();
    assertThat(driver.lockedClocks(H100, ClockDomain.GPU)).isEqualTo("0-0");
    assertThat(driver.persistence(H100)).isFalse();
  }

  @Test
  void whatAGpuCannotDoIsRefused() throws Exception {
    Gpu v100 = open().all().get(V100);
    assertThat(failureOf(() -> v100.settings().lockClocks(ClockDomain.MEMORY, RANGE)))
        .isEqualTo(
            new Failure(
                Kind.REFUSED, "GPU 2: locked clocks of 900 MHz to 1400 MHz: Not Supported"));
    assertThat(lacksRights(() -> v100.settings().lockClocks(ClockDomain.MEMORY, RANGE))).isFalse();
  }

  @Test
  void whatWasTurnedIsUndoneAlsoUnderMig() throws Exception {
    Gpu gpu = open().all().get(A100);
    gpu.settings().lockClocks(ClockDomain.GPU, RANGE);
    driver.mig(A100, true);
    gpu.settings().unlockClocks(ClockDomain.GPU);
    assertThat(driver.lockedClocks(A100, ClockDomain.GPU)).isEqualTo("0-0");
  }

  @Test
  void theDrawNowDoesNotLagBehindAsTheAverageMay() throws Exception {
    Gpu gpu = openFirst();
    driver.skip(Duration.ofSeconds(20));
    assertThat(gpu.powerDraw().value()).isBetween(630.0, 634.0);
    assertThat(gpu.energy().value()).isPositive();
  }
}
