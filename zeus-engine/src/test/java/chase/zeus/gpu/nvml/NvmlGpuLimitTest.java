package chase.zeus.gpu.nvml;

import static chase.zeus.gpu.nvml.Failure.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chase.zeus.fixtures.FakeDriver;
import chase.zeus.fixtures.OpenedGpus;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvmlGpuLimitTest extends FakeDriverFixture {
  NvmlGpuLimitTest(@TempDir Path folder) {
    super(folder);
  }

  @Test
  void aLimitIsSeenByOtherProcesses() throws Exception {
    open().all().get(A100).limitPower(new Watts(212.5));
    assertThat(driver.requested(A100)).isEqualTo(new Watts(212.5));
    assertThat(driver.enforced(A100)).isEqualTo(new Watts(212.5));
    assertThat(driver.requested(H100)).isEqualTo(new Watts(700));
  }

  @Test
  void aForeignLimitIsSeen() throws Exception {
    Gpu gpu = openFirst();
    driver.foreignLimit(H100, new Watts(450));
    assertThat(gpu.powerLimits()).isEqualTo(new PowerLimits(new Watts(450), new Watts(450)));
    assertThat(gpu.read().limits()).contains(gpu.powerLimits());
  }

  @Test
  void anOutOfBandCeilingShowsInTheEnforcedLimitOnly() throws Exception {
    Gpu gpu = openFirst();
    driver.ceiling(H100, new Watts(500));
    assertThat(gpu.powerLimits()).isEqualTo(new PowerLimits(new Watts(700), new Watts(500)));
    gpu.limitPower(new Watts(400));
    assertThat(gpu.powerLimits()).isEqualTo(new PowerLimits(new Watts(400), new Watts(400)));
    driver.liftCeiling(H100);
    gpu.limitPower(new Watts(600));
    assertThat(gpu.powerLimits().enforced()).isEqualTo(new Watts(600));
  }

  @Test
  void aWriteWithoutPermissionIsRefused() throws Exception {
    Gpu gpu = openFirst();
    driver.refuseWrites(H100, true);
    assertThat(failureOf(() -> gpu.limitPower(new Watts(300))))
        .isEqualTo(
            new Failure(
                Kind.REFUSED,
                "GPU 0: limit of 300 W (needs CAP_SYS_ADMIN): Insufficient Permissions"));
    assertThat(gpu.powerLimits().requested()).isEqualTo(new Watts(700));
    driver.refuseWrites(H100, false);
    gpu.limitPower(new Watts(300));
    assertThat(driver.requested(H100)).isEqualTo(new Watts(300));
  }

  @Test
  void aLimitOutsideTheRangeDoesNotReachTheDriver() throws Exception {
    Gpu gpu = openFirst();
    assertThat(failureOf(() -> gpu.limitPower(new Watts(5_000_000))))
        .isEqualTo(new Failure(Kind.REFUSED, "GPU 0: 5000000 W lies outside 200 W to 700 W"));
    assertThat(driver.log()).isEmpty();
  }

  @Test
  void aLostGpuIsLostAndTheOthersContinue() throws Exception {
    OpenedGpus gpus = open();
    driver.lose(A100);
    Gpu lost = gpus.all().get(A100);
    assertThat(failureOf(lost::read).kind()).isEqualTo(Kind.LOST);
    assertThat(failureOf(lost::powerLimits).message())
        .isEqualTo("GPU 1: nvmlDeviceGetPowerManagementLimit: GPU is lost");
    assertThat(failureOf(() -> lost.limitPower(new Watts(200))).kind()).isEqualTo(Kind.LOST);
    gpus.all().get(V100).limitPower(new Watts(200));
    assertThat(driver.requested(V100)).isEqualTo(new Watts(200));
  }

  @Test
  void onlyTheAttemptsAreLogged() throws Exception {
    Gpu gpu = openFirst();
    gpu.limitPower(new Watts(300));
    driver.refuseWrites(H100, true);
    failureOf(() -> gpu.limitPower(new Watts(350)));
    assertThat(driver.log())
        .extracting(FakeDriver.Write::gpu, FakeDriver.Write::limit, FakeDriver.Write::code)
        .containsExactly(tuple(0, new Watts(300), 0), tuple(0, new Watts(350), 4));
    assertThat(driver.log())
        .allMatch(write -> write.pid() == ProcessHandle.current().pid())
        .isSortedAccordingTo((one, two) -> one.at().compareTo(two.at()));
  }
}
