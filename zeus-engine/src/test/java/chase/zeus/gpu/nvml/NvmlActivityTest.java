package chase.zeus.gpu.nvml;

import static chase.zeus.gpu.nvml.Failure.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.Activity;
import chase.zeus.gpu.GpuReading.Activity.Source;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The activity that the fake GPUs report: the H100 from counters, the A100 from its clock. */
class NvmlActivityTest extends FakeDriverFixture {
  private static final Duration SETTLED = Duration.ofSeconds(10);

  /** What fake_nvml.c has an unlimited H100 do. */
  private static final double FULL = 0.5 * 1.98e9;

  NvmlActivityTest(@TempDir Path folder) {
    super(folder);
  }

  @AfterEach
  void noSampleIsLeftBehind() {
    close();
    assertThat(driver.samples()).isZero();
  }

  @Test
  void aGpuWithCountersReportsItsWorkFromTheSecondReadingOn() throws Exception {
    Gpu gpu = openFirst();
    driver.skip(SETTLED);
    assertThat(gpu.read().activity()).isEmpty();
    driver.skip(Duration.ofSeconds(1));
    Activity activity = gpu.read().activity().orElseThrow();
    assertThat(activity.source()).isEqualTo(Source.GPM);
    assertThat(activity.cyclesPerSecond()).isCloseTo(FULL, within(FULL / 1000));
  }

  @Test
  void theFigureIsProportionalToWorkAtEveryLimit() throws Exception {
    Gpu gpu = openFirst();
    gpu.limitPower(new Watts(300));
    assertThat(settled(gpu)).as("the first sample").isEmpty();
    double clock = Math.cbrt(300.0 / 632);
    double work = 1 / (0.8 / clock + 0.2);
    assertThat(settled(gpu).orElseThrow().cyclesPerSecond())
        .isCloseTo(work * FULL, within(FULL / 1000));
  }

  @Test
  void anIdleGpuReportsNoActivity() throws Exception {
    driver.load(H100, Watts.ZERO);
    driver.load(A100, Watts.ZERO);
    Gpu counting = open().all().get(H100);
    assertThat(counting.read().activity()).isEmpty();
    assertThat(settled(counting)).contains(new Activity(0, Source.GPM));
    assertThat(settled(open().all().get(A100))).contains(new Activity(0, Source.CLOCK));
  }

  @Test
  void anOlderGpuReportsItsClockTimesItsUtilization() throws Exception {
    GpuReading reading = open().all().get(A100).read();
    assertThat(reading.activity())
        .contains(Activity.of(0.97, reading.smClockMegahertz().orElseThrow(), Source.CLOCK));
  }

  @Test
  void withoutAClockOrUtilizationThereIsNoActivity() throws Exception {
    driver.can(A100, "utilization", false);
    driver.can(V100, "clocks", false);
    assertThat(open().all().get(A100).read().activity()).isEmpty();
    assertThat(open().all().get(V100).read().activity()).isEmpty();
    driver.can(H100, "clocks", false);
    Gpu counting = openFirst();
    assertThat(settled(counting)).isEmpty();
    assertThat(settled(counting)).isEmpty();
  }

  @Test
  void aGpuSplitIntoInstancesReportsNoActivity() throws Exception {
    driver.mig(H100, true);
    Gpu gpu = openFirst();
    assertThat(settled(gpu)).isEmpty();
    assertThat(settled(gpu)).isEmpty();
  }

  @Test
  void readingsThatAreTooNearCostNothingButThatReading() throws Exception {
    Gpu gpu = openFirst();
    driver.skip(SETTLED);
    int readings = 0;
    for (int i = 0; i < 5; i++) {
      readings += gpu.read().activity().isPresent() ? 1 : 0;
    }
    assertThat(readings).isLessThan(5);
    assertThat(settled(gpu).orElseThrow().source()).isEqualTo(Source.GPM);
  }

  @Test
  void aPipeThatTheGpuLacksIsLeftOut() throws Exception {
    driver.can(H100, "fp64", false);
    Gpu gpu = openFirst();
    assertThat(settled(gpu)).isEmpty();
    assertThat(settled(gpu).orElseThrow().cyclesPerSecond()).isCloseTo(FULL, within(FULL / 1000));
  }

  @Test
  void aPassingTroubleOfTheCountersCostsNoOtherReading() throws Exception {
    Gpu gpu = openFirst();
    assertThat(settled(gpu)).isEmpty();
    driver.failCounters(H100, 999);
    driver.skip(SETTLED);
    GpuReading reading = gpu.read();
    assertThat(reading.activity()).isEmpty();
    assertThat(reading.power()).isPresent();
    driver.failCounters(H100, 0);
    assertThat(settled(gpu)).as("the trouble lies between these samples").isEmpty();
    assertThat(settled(gpu).orElseThrow().source()).isEqualTo(Source.GPM);
  }

  @Test
  void countersThatStayInTroubleGiveWayToTheClock() throws Exception {
    Gpu gpu = openFirst();
    driver.failCounters(H100, 999);
    for (int i = 0; i < 10; i++) {
      assertThat(gpu.read().activity()).isEmpty();
    }
    driver.failCounters(H100, 0);
    assertThat(settled(gpu).orElseThrow().source()).isEqualTo(Source.CLOCK);
    assertThat(settled(gpu).orElseThrow().source()).isEqualTo(Source.CLOCK);
  }

  @Test
  void countersThatAreForbiddenGiveWayToTheClockAtOnce() throws Exception {
    Gpu gpu = openFirst();
    driver.failCounters(H100, NvmlReturn.NO_PERMISSION);
    assertThat(gpu.read().activity()).isEmpty();
    assertThat(settled(gpu).orElseThrow().source()).isEqualTo(Source.CLOCK);
  }

  @Test
  void aLostGpuIsLostAlsoToItsCounters() throws Exception {
    Gpu gpu = openFirst();
    driver.failCounters(H100, 15);
    assertThat(failureOf(gpu::read).kind()).isEqualTo(Kind.LOST);
  }

  @Test
  void closingWhileAReadingHangsLeavesTheSamplesToTheReader() throws Exception {
    NvmlDriver own = NvmlDriver.open(Optional.of(driver.library()));
    GpmReader samples = GpmReader.of(new NvmlDevice(own, H100)).orElseThrow();
    driver.hang(true);
    FutureTask<Boolean> reading = new FutureTask<>(() -> samples.utilization().isPresent());
    Thread.ofPlatform().daemon().start(reading);
    while (driver.calls().getOrDefault("nvmlGpmSampleGet", 0L) == 0) {
      Thread.onSpinWait();
    }
    samples.close();
    driver.hang(false);
    assertThat(reading.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(samples.utilization()).as("closed").isEmpty();
    own.close();
  }

  private Optional<Activity> settled(Gpu gpu) throws GpuException {
    driver.skip(SETTLED);
    return gpu.read().activity();
  }
}
