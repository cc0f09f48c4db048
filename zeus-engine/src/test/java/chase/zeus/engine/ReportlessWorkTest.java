package chase.zeus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.ProfileView.WorkSource;
import chase.zeus.fixtures.SimulatedTraining;
import chase.zeus.gpu.GpuReading.Activity.Source;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.ProfilingState;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Registered jobs that report no steps. */
class ReportlessWorkTest {
  private static final double BOUND = 0.05;
  private static final long SEED = 7;

  private static SimulatedTraining registered(int gpus, Source source, Optional<Long> totalSteps) {
    System.out.println("chase.seed=" + SEED);
    SimulatedTraining day =
        new SimulatedTraining(
            GpuPreset.H100_SXM.powerRange(),
            GpuPreset.H100_SXM.profile(),
            gpus,
            PowerPolicy.budget(BOUND),
            Optional.of(ProfilingRules.DEFAULT),
            Duration.ofSeconds(1),
            SEED,
            Optional.of(source));
    day.register(totalSteps);
    return day;
  }

  @ParameterizedTest
  @EnumSource
  void theirGpuCountsAndTheBudgetIsKept(Source source) {
    SimulatedTraining day = registered(1, source, Optional.empty());
    day.run(Duration.ofDays(1));
    assertThat(day.job().id()).isEqualTo(SimulatedTraining.JOB);
    assertThat(day.job().workSource()).contains(WorkSource.of(source));
    assertThat(day.profile().state()).contains(new ProfilingState.Done());
    assertThat(day.worstSlowdown()).isLessThan(BOUND + 0.003);
    assertThat(day.saving()).isGreaterThan(0.04);
    assertThat(day.job().steps()).isEmpty();
    assertThat(day.job().stepsPerSecond()).isEmpty();
  }

  @Test
  void onSeveralGpusTheOneThatDidLeastCounts() {
    SimulatedTraining day = registered(2, Source.GPM, Optional.empty());
    day.run(Duration.ofHours(6));
    assertThat(day.profile().state()).contains(new ProfilingState.Done());
    assertThat(day.worstSlowdown()).isLessThan(BOUND + 0.003);
    assertThat(day.limits()).hasSize(1);
  }

  @Test
  void theFirstReportEndsTheCountOfCyclesAndBeginsWithFullPower() {
    SimulatedTraining day = registered(1, Source.CLOCK, Optional.empty());
    day.run(Duration.ofHours(3));
    assertThat(day.profile().points()).isNotEmpty();
    day.handle(new Event.StepsReported(SimulatedTraining.JOB, day.steps(), day.now()));
    assertThat(day.job().workSource()).contains(WorkSource.REPORTED);
    assertThat(day.profile().points()).isEmpty();
    assertThat(day.job().progress()).isEmpty();
    assertThat(day.limits()).isEqualTo(Set.of(GpuPreset.H100_SXM.powerRange().max()));
  }

  @Test
  void aJobThatNamesItsTotalOrMayStillReportIsNotCounted() {
    SimulatedTraining day = registered(1, Source.GPM, Optional.of(1_000_000L));
    day.run(Duration.ofMinutes(30));
    assertThat(day.job().workSource()).isEmpty();
    assertThat(day.changes()).isZero();
    SimulatedTraining early = registered(1, Source.GPM, Optional.empty());
    early.run(Duration.ofSeconds(110));
    assertThat(early.job().workSource()).isEmpty();
  }
}
