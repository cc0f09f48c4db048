package chase.zeus.gpu.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.fixtures.ManualClock;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuReading.Activity;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The activity that simulated GPUs report: the H100 from counters, the others from their clock. */
class SimulatedActivityTest {
  private final ManualClock clock = new ManualClock();

  @Test
  void countersNeedTwoSamplesThatAreFarEnoughApart() throws Exception {
    Gpu gpu = host(GpuPreset.H100_SXM, SimulatedWorkload.steady()).all().getFirst();
    assertThat(gpu.read().activity()).isEmpty();
    clock.advance(Duration.ofMillis(99));
    assertThat(gpu.read().activity()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    Activity activity = gpu.read().activity().orElseThrow();
    assertThat(activity.source()).isEqualTo(Activity.Source.GPM);
    assertThat(activity.cyclesPerSecond()).isCloseTo(0.5 * 1.98e9, within(1.0));
  }

  @Test
  void countersAreProportionalToTheJobsSteps() throws Exception {
    SimulatedGpus host = host(GpuPreset.H100_SXM, SimulatedWorkload.steady());
    Gpu gpu = host.all().getFirst();
    double full = cyclesIn(Duration.ofSeconds(1), gpu);
    double steps = host.stepsDone(gpu.traits().id());
    gpu.limitPower(new Watts(300));
    double limited = cyclesIn(Duration.ofSeconds(1), gpu);
    double fewer = host.stepsDone(gpu.traits().id()) - steps;
    assertThat(limited / full).isCloseTo(fewer / steps, within(1e-9)).isLessThan(0.9);
  }

  @Test
  void countersAverageOverTheTimeBetweenTheSamples() throws Exception {
    SimulatedWorkload half = SimulatedWorkload.cycle(Duration.ofSeconds(1), Duration.ofSeconds(1));
    Gpu gpu = host(GpuPreset.H100_SXM, half).all().getFirst();
    assertThat(cyclesIn(Duration.ofSeconds(2), gpu)).isCloseTo(0.25 * 1.98e9, within(1.0));
  }

  @Test
  void aClockOverstatesTheSlowdown() throws Exception {
    SimulatedGpus host = host(GpuPreset.V100, SimulatedWorkload.steady());
    Gpu gpu = host.all().getFirst();
    double full = cyclesIn(Duration.ofSeconds(1), gpu);
    double steps = host.stepsDone(gpu.traits().id());
    gpu.limitPower(new Watts(125));
    double limited = cyclesIn(Duration.ofSeconds(1), gpu);
    double fewer = host.stepsDone(gpu.traits().id()) - steps;
    assertThat(gpu.read().activity().orElseThrow().source()).isEqualTo(Activity.Source.CLOCK);
    assertThat(limited / full).isLessThan(fewer / steps);
  }

  @Test
  void anIdleGpuReportsNoActivity() throws Exception {
    for (GpuPreset preset : List.of(GpuPreset.V100, GpuPreset.A100_SXM4, GpuPreset.H100_SXM)) {
      assertThat(
              cyclesIn(
                  Duration.ofSeconds(1), host(preset, SimulatedWorkload.none()).all().getFirst()))
          .isZero();
    }
  }

  private double cyclesIn(Duration time, Gpu gpu) throws GpuException {
    assertThat(gpu.read().power()).isPresent();
    clock.advance(time);
    return gpu.read().activity().orElseThrow().cyclesPerSecond();
  }

  private SimulatedGpus host(GpuPreset preset, SimulatedWorkload workload) {
    return SimulatedGpus.of(List.of(preset), clock, workload, PowerNoise.none());
  }
}
