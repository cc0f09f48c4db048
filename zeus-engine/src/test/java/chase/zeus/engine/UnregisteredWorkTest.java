package chase.zeus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.fixtures.SimulatedTraining;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading.Activity.Source;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.ProfilingState;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** GPUs with work that never registered. */
class UnregisteredWorkTest {
  private static final double BOUND = 0.05;
  private static final GpuId GPU = new GpuId("GPU-0");
  private static final long SEED = 7;

  private static SimulatedTraining day(PowerPolicy policy, Source source) {
    System.out.println("chase.seed=" + SEED);
    return new SimulatedTraining(
        GpuPreset.H100_SXM.powerRange(),
        GpuPreset.H100_SXM.profile(),
        1,
        policy,
        Optional.of(ProfilingRules.DEFAULT),
        Duration.ofSeconds(1),
        SEED,
        Optional.of(source));
  }

  @ParameterizedTest
  @EnumSource
  void itsWorkIsCountedByTheGpuAndItsBudgetIsKept(Source source) {
    SimulatedTraining day = day(PowerPolicy.budget(BOUND), source);
    day.run(Duration.ofDays(1));
    assertThat(day.profile().state()).contains(new ProfilingState.Done());
    assertThat(day.profile().workSource().label()).isEqualTo(source.label());
    assertThat(day.slowdown()).isLessThan(BOUND + 0.003);
    assertThat(day.worstSlowdown()).isLessThan(BOUND + 0.003);
    assertThat(day.saving()).isGreaterThan(0.04);
  }

  @Test
  void workAfterALongIdleTimeIsAnotherJob() {
    SimulatedTraining day = day(PowerPolicy.budget(BOUND), Source.GPM);
    day.run(Duration.ofHours(2));
    assertThat(day.profile().points()).hasSizeGreaterThan(2);
    day.rest(true);
    day.run(Duration.ofMinutes(11));
    assertThat(day.engine().snapshot().workOn(GPU)).isEmpty();
    day.rest(false);
    day.run(Duration.ofSeconds(5));
    assertThat(day.profile().points()).isEmpty();
  }

  @Test
  void aJobThatRegistersTakesItsPlace() {
    SimulatedTraining day = day(PowerPolicy.budget(BOUND), Source.GPM);
    day.run(Duration.ofMinutes(5));
    day.register(Optional.empty());
    day.run(Duration.ofSeconds(10));
    assertThat(day.engine().snapshot().unregistered()).isEmpty();
    assertThat(day.job().id()).isEqualTo(SimulatedTraining.JOB);
  }

  @Test
  void aPolicyThatNeedsNoProfileIsLeftAlone() {
    SimulatedTraining day = day(PowerPolicy.max(), Source.GPM);
    day.run(Duration.ofHours(1));
    assertThat(day.profile().state()).isEmpty();
    assertThat(day.changes()).isZero();
  }
}
