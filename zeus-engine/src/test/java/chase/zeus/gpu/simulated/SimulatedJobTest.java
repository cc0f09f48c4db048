package chase.zeus.gpu.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.fixtures.ManualClock;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.ClockEventReason;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a job on a simulated V100 draws, counts and achieves; a V100 idles at 40 W. */
class SimulatedJobTest {
  private static final double FULL_DRAW = 220.25;
  private static final double FULL_SPEED = 5005 / 3514.987;
  private static final double SPEED_AT_100 = 5005 / 6781.173;

  private final ManualClock clock = new ManualClock();

  @Test
  void theDrawNearsItsTargetWithTheLag() throws Exception {
    Gpu gpu = host(SimulatedWorkload.steady()).all().getFirst();
    assertThat(power(gpu)).isEqualTo(40);
    clock.advance(Duration.ofSeconds(1));
    assertThat(power(gpu)).isCloseTo(FULL_DRAW + (40 - FULL_DRAW) / Math.E, within(1e-9));
    clock.advance(Duration.ofMinutes(1));
    assertThat(power(gpu)).isCloseTo(FULL_DRAW, within(1e-9));
  }

  @Test
  void energyIsTheIntegralOfTheDraw() throws Exception {
    Gpu gpu = host(SimulatedWorkload.steady()).all().getFirst();
    clock.advance(Duration.ofSeconds(3));
    double expected = FULL_DRAW * 3 + (40 - FULL_DRAW) * (1 - Math.exp(-3));
    assertThat(energy(gpu)).isCloseTo(expected, within(1e-9));
  }

  @Test
  void theProcessOnTheGpuIsTheSimulationItselfWhileTheJobRuns() throws Exception {
    Gpu gpu =
        host(SimulatedWorkload.cycle(Duration.ofSeconds(7), Duration.ofSeconds(4)))
            .all()
            .getFirst();
    assertThat(gpu.processes())
        .containsExactly(new GpuProcess(ProcessHandle.current().pid(), Optional.empty()));
    clock.advance(Duration.ofSeconds(8));
    assertThat(gpu.processes()).isEmpty();
  }

  @Test
  void aJobThatIsPausedLeavesItsGpuIdleUntilItGoesOn() throws Exception {
    SimulatedGpus host = host(SimulatedWorkload.steady());
    Gpu gpu = host.all().getFirst();
    GpuId id = gpu.traits().id();
    clock.advance(Duration.ofSeconds(10));
    double before = host.stepsDone(id);
    host.pauseJob(id, true);
    clock.advance(Duration.ofMinutes(1));
    assertThat(host.stepsDone(id)).isEqualTo(before);
    assertThat(power(gpu)).isCloseTo(40, within(1e-9));
    assertThat(gpu.processes()).isEmpty();
    host.pauseJob(id, false);
    clock.advance(Duration.ofSeconds(10));
    assertThat(host.stepsDone(id)).isCloseTo(before + 10 * FULL_SPEED, within(1e-9));
  }

  @Test
  void howOftenAGpuIsReadChangesNothing() throws Exception {
    SimulatedWorkload workload =
        SimulatedWorkload.cycle(Duration.ofSeconds(7), Duration.ofSeconds(4));
    SimulatedGpus often = host(workload);
    SimulatedGpus once = host(workload);
    Gpu asked = often.all().getFirst();
    for (int i = 0; i < 1000; i++) {
      clock.advance(Duration.ofMillis(37));
      assertThat(asked.read().power()).isPresent();
    }
    Gpu unasked = once.all().getFirst();
    assertThat(energy(asked)).isCloseTo(energy(unasked), within(1e-6));
    assertThat(power(asked)).isCloseTo(power(unasked), within(1e-9));
    assertThat(often.stepsDone(id(asked))).isCloseTo(once.stepsDone(id(unasked)), within(1e-9));
    assertThat(asked.read().powerCapped()).isEqualTo(unasked.read().powerCapped());
  }

  @Test
  void stepsAreThroughputTimesTimeAtEachLimit() throws Exception {
    SimulatedGpus host = host(SimulatedWorkload.steady());
    Gpu gpu = host.all().getFirst();
    clock.advance(Duration.ofSeconds(10));
    gpu.limitPower(new Watts(100));
    clock.advance(Duration.ofSeconds(20));
    assertThat(host.stepsDone(id(gpu)))
        .isCloseTo(10 * FULL_SPEED + 20 * SPEED_AT_100, within(1e-9));
  }

  @Test
  void betweenMeasuredLimitsTheDrawIsInterpolated() throws Exception {
    Gpu gpu = host(SimulatedWorkload.steady()).all().getFirst();
    gpu.limitPower(new Watts(110));
    clock.advance(Duration.ofMinutes(1));
    assertThat(power(gpu)).isCloseTo(98.382 + 0.4 * (121.966 - 98.382), within(1e-9));
  }

  @Test
  void cappedTimeGrowsOnlyWhileTheLimitHoldsTheJobBack() throws Exception {
    SimulatedWorkload workload =
        SimulatedWorkload.cycle(Duration.ofMinutes(2), Duration.ofMinutes(1));
    Gpu gpu = host(workload).all().getFirst();
    clock.advance(Duration.ofMinutes(1));
    assertThat(gpu.read().powerCapped()).contains(Duration.ZERO);
    assertThat(gpu.read().clockEventReasons().orElseThrow()).isEmpty();
    gpu.limitPower(new Watts(150));
    assertThat(gpu.read().clockEventReasons().orElseThrow())
        .containsExactly(ClockEventReason.SW_POWER_CAP);
    clock.advance(Duration.ofMinutes(3));
    assertThat(gpu.read().powerCapped()).contains(Duration.ofMinutes(2));
  }

  @Test
  void aPausedJobLeavesAnIdleGpu() throws Exception {
    SimulatedGpus host =
        host(SimulatedWorkload.cycle(Duration.ofMinutes(2), Duration.ofMinutes(1)));
    Gpu gpu = host.all().getFirst();
    clock.advance(Duration.ofSeconds(179));
    GpuReading reading = gpu.read();
    assertThat(reading.power().orElseThrow().value()).isCloseTo(40, within(1e-9));
    assertThat(reading.utilization()).hasValue(0.0);
    assertThat(reading.smClockMegahertz()).hasValue(135);
    assertThat(reading.temperatureCelsius()).hasValue(41);
    assertThat(reading.clockEventReasons().orElseThrow()).containsExactly(ClockEventReason.IDLE);
    assertThat(host.stepsDone(id(gpu))).isCloseTo(120 * FULL_SPEED, within(1e-9));
  }

  @Test
  void aGpuWithoutAJobStaysIdle() throws Exception {
    Gpu gpu = host(SimulatedWorkload.none()).all().getFirst();
    clock.advance(Duration.ofDays(30));
    assertThat(energy(gpu)).isCloseTo(40 * 30 * 86_400.0, within(1e-3));
  }

  @Test
  void aLoadedH100ReadsLikeTheCapturedOne() throws Exception {
    Gpu gpu = SimulatedGpus.of(List.of(GpuPreset.H100_SXM), clock).all().getFirst();
    assertThat(power(gpu)).isEqualTo(69.9);
    clock.advance(Duration.ofMinutes(1));
    GpuReading reading = gpu.read();
    assertThat(reading.power().orElseThrow().value()).isCloseTo(632, within(1e-9));
    assertThat(reading.smClockMegahertz()).hasValue(1980);
    assertThat(reading.temperatureCelsius()).hasValue(59);
    assertThat(reading.utilization()).hasValue(1.0);
  }

  @Test
  void aClockThatGoesBackChangesNothing() throws Exception {
    Gpu gpu = host(SimulatedWorkload.steady()).all().getFirst();
    clock.advance(Duration.ofSeconds(10));
    GpuReading before = gpu.read();
    clock.advance(Duration.ofSeconds(-5));
    assertThat(gpu.read()).isEqualTo(before);
  }

  @Test
  void noiseStaysInItsBoundsAndLeavesEnergyAlone() throws Exception {
    List<GpuPreset> presets = List.of(GpuPreset.V100);
    Gpu noisy =
        SimulatedGpus.of(presets, clock, SimulatedWorkload.steady(), new PowerNoise(0.02, 7))
            .all()
            .getFirst();
    Gpu twin =
        SimulatedGpus.of(presets, clock, SimulatedWorkload.steady(), new PowerNoise(0.02, 7))
            .all()
            .getFirst();
    Gpu exact = host(SimulatedWorkload.steady()).all().getFirst();
    clock.advance(Duration.ofMinutes(1));
    double first = power(noisy);
    assertThat(first).isCloseTo(FULL_DRAW, within(0.02 * FULL_DRAW)).isNotEqualTo(power(noisy));
    assertThat(power(twin)).isEqualTo(first);
    assertThat(energy(noisy)).isEqualTo(energy(exact));
  }

  private SimulatedGpus host(SimulatedWorkload workload) {
    return SimulatedGpus.of(List.of(GpuPreset.V100), clock, workload, PowerNoise.none());
  }

  private static GpuId id(Gpu gpu) {
    return gpu.traits().id();
  }

  private static double power(Gpu gpu) throws Exception {
    return gpu.read().power().orElseThrow().value();
  }

  private static double energy(Gpu gpu) throws Exception {
    return gpu.read().energy().orElseThrow().value();
  }
}
