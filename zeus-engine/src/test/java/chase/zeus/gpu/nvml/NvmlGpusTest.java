package chase.zeus.gpu.nvml;

import static chase.zeus.gpu.nvml.Failure.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.zeus.fixtures.OpenedGpus;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NvmlGpusTest extends FakeDriverFixture {
  NvmlGpusTest(@TempDir Path folder) {
    super(folder);
  }

  @Test
  void everyGpuIsOpenedWithItsTraits() throws Exception {
    assertThat(open().all().stream().map(gpu -> gpu.traits().model()))
        .containsExactly("NVIDIA H100 80GB HBM3", "NVIDIA A100-SXM4-80GB", "Tesla V100-PCIE-32GB");
    GpuTraits traits = open().all().get(A100).traits();
    assertThat(traits.id().uuid()).isEqualTo("GPU-fa4e0000-0001-4000-8000-000000000002");
    assertThat(traits.index()).isEqualTo(1);
    assertThat(traits.pciBusId()).contains("00000000:11:00.0");
    assertThat(traits.driverVersion()).isEqualTo("999.25.01");
    assertThat(traits.powerRange()).contains(new PowerRange(new Watts(100), new Watts(400)));
    assertThat(traits.defaultLimit()).contains(new Watts(400));
    assertThat(traits.unwritable()).isEmpty();
    assertThat(traits.simulated()).isFalse();
  }

  @Test
  void theDefaultLimitMayLieBelowTheHighestOne() throws Exception {
    driver.reset("rtx4080s");
    GpuTraits traits = openFirst().traits();
    assertThat(traits.defaultLimit()).contains(new Watts(320));
    assertThat(traits.powerRange().orElseThrow().max()).isEqualTo(new Watts(400));
  }

  @Test
  void aGpuThatCannotBeOpenedIsNamedAndTheOthersContinue() throws Exception {
    driver.lose(A100);
    driver.refuseHandle(V100, 11);
    OpenedGpus gpus = open();
    assertThat(gpus.all()).hasSize(1);
    assertThat(gpus.unopened())
        .containsExactly("GPU 1: GPU is lost", "GPU 2: Interrupt Request Issue");
    assertThat(gpus.all().getFirst().read().power()).isPresent();
  }

  @Test
  void aGpuWithMigIsNotToBeWritten() throws Exception {
    driver.mig(H100, true);
    assertThat(openFirst().traits().unwritable())
        .contains("MIG is enabled: its limit belongs to every instance");
  }

  @Test
  void aVgpuGuestIsNotToBeWritten() throws Exception {
    driver.virtualization(H100, 2);
    assertThat(openFirst().traits().unwritable())
        .contains("it is a vGPU guest: only the host can set its limit");
  }

  @Test
  void aGpuWhoseLimitCannotBeSetIsNotToBeWritten() throws Exception {
    driver.reset("laptop");
    Gpu gpu = openFirst();
    assertThat(gpu.traits().unwritable()).contains("its driver offers no settable power limit");
    assertThat(failureOf(() -> gpu.limitPower(new Watts(100))).kind()).isEqualTo(Kind.REFUSED);
  }

  @Test
  void whatOthersSwitchIsSeenAtTheNextLook() throws Exception {
    Gpu gpu = openFirst();
    driver.mig(H100, true);
    assertThat(gpu.traits().unwritable()).isEmpty();
    assertThat(gpu.refreshTraits().unwritable()).isPresent();
    assertThat(gpu.traits()).isEqualTo(gpu.refreshTraits());
    driver.mig(H100, false);
    assertThat(gpu.refreshTraits().unwritable()).isEmpty();
  }

  @Test
  void whatARefreshCouldNotReadIsQueriedAgain() throws Exception {
    Gpu gpu = openFirst();
    for (String fact : List.of("requested", "constraints", "default", "enforced")) {
      GpuTraits before = gpu.refreshTraits();
      driver.can(H100, fact, false);
      gpu.refreshTraits();
      failureOrAnswer(gpu);
      driver.can(H100, fact, true);
      assertThat(gpu.refreshTraits()).as(fact).isEqualTo(before);
      assertThat(gpu.powerLimits().requested()).as(fact).isEqualTo(new Watts(700));
    }
  }

  /** Reads the limits while the GPU does not report them. */
  private static void failureOrAnswer(Gpu gpu) {
    try {
      gpu.powerLimits();
    } catch (GpuException e) {
      assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    }
  }

  @Test
  void aLimitGoesBackAlsoUnderMig() throws Exception {
    Gpu gpu = openFirst();
    gpu.limitPower(new Watts(500));
    driver.mig(H100, true);
    gpu.refreshTraits();
    gpu.limitPower(new Watts(700));
    assertThat(driver.requested(H100)).isEqualTo(new Watts(700));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/no/such/libnvidia-ml.so.1", "libno-such-nvml.so.1"})
  void aMissingLibraryIsOneClearLine(Path library) {
    assertThat(failureOf(() -> OpenedGpus.open(Optional.of(library))))
        .isEqualTo(
            new Failure(Kind.REFUSED, library + " not found: is the NVIDIA driver installed?"));
  }

  @Test
  void aFileThatIsNoLibraryIsOneClearLine(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("libnvidia-ml.so.1"), "not a library");
    Failure failure = failureOf(() -> OpenedGpus.open(Optional.of(file)));
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure.message())
        .startsWith(file + " cannot be loaded: " + file)
        .doesNotContain("\n");
  }

  @Test
  void aLibraryThatIsNotNvmlIsOneClearLine() {
    assertThat(failureOf(() -> OpenedGpus.open(Optional.of(Path.of("libc.so.6")))))
        .isEqualTo(
            new Failure(Kind.REFUSED, "libc.so.6 is not a usable NVML: it has no nvmlInit_v2"));
  }

  @Test
  void aDriverThatIsNotLoadedMayBeOpenedLater() throws Exception {
    driver.refuseInit(9);
    assertThat(failureOf(this::open))
        .isEqualTo(new Failure(Kind.REOPEN, "NVML cannot start: Driver Not Loaded"));
    driver.refuseInit(0);
    assertThat(open().all()).hasSize(3);
  }

  @Test
  void aReloadedDriverMustBeOpenedAgainAndThenWorks() throws Exception {
    OpenedGpus before = open();
    Gpu stale = before.all().getFirst();
    stale.limitPower(new Watts(300));
    driver.reload();
    assertThat(failureOf(stale::read).kind()).isEqualTo(Kind.REOPEN);
    assertThat(failureOf(stale::powerLimits).kind()).isEqualTo(Kind.REOPEN);
    assertThat(failureOf(() -> stale.limitPower(new Watts(300))).kind()).isEqualTo(Kind.REOPEN);
    before.close();
    Gpu fresh = openFirst();
    assertThat(fresh.powerLimits().requested()).isEqualTo(new Watts(700));
    assertThat(fresh.read().power()).isPresent();
  }

  @Test
  void aGpuOfAClosedDriverIsNotTouched() throws Exception {
    OpenedGpus closed = open();
    closed.close();
    closed.close();
    open();
    assertThat(failureOf(() -> closed.all().getFirst().read()))
        .isEqualTo(new Failure(Kind.REOPEN, "the NVIDIA driver was closed"));
  }

  @Test
  void closingTwiceLeavesOthersTheirDriver() throws Exception {
    OpenedGpus one = open();
    OpenedGpus other = open();
    one.close();
    one.close();
    assertThat(other.all().getFirst().read().power()).isPresent();
  }

  @Test
  void aHangingDriverHangsTheCallUntilItIsReleased() throws Exception {
    Gpu gpu = openFirst();
    driver.hang(true);
    FutureTask<GpuReading> call = new FutureTask<>(gpu::read);
    Thread.ofPlatform().daemon().start(call);
    assertThatThrownBy(() -> call.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    driver.hang(false);
    assertThat(call.get(10, TimeUnit.SECONDS).power()).isPresent();
  }

  @Test
  void aSlowDriverIsSlow() throws Exception {
    Gpu gpu = openFirst();
    driver.delay(Duration.ofMillis(30));
    long start = System.nanoTime();
    gpu.powerLimits();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(60));
  }
}
