package chase.daemon.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.bodies.JobBodies;
import chase.daemon.explain.GpuExplanation;
import chase.daemon.fixtures.TestDaemon;
import chase.zeus.engine.JobView;
import chase.zeus.engine.ProfilingRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.fixtures.SimulatedTraining;
import chase.zeus.gpu.GpuReading.Activity.Source;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A registered job that reports no steps, in all that people read of it. */
class ReportlessJobTest {
  private final SimulatedTraining training =
      new SimulatedTraining(
          GpuPreset.H100_SXM.powerRange(),
          GpuPreset.H100_SXM.profile(),
          1,
          PowerPolicy.budget(0.03),
          Optional.of(ProfilingRules.DEFAULT),
          Duration.ofSeconds(1),
          7,
          Optional.of(Source.CLOCK));

  @Test
  void isLimitedAndLabelledByWhatCountsItsWork() {
    training.register(Optional.empty());
    training.run(Duration.ofHours(4));
    JobView job = training.job();
    assertThat(training.changes()).isPositive();
    assertThat(job.slowdown().orElseThrow()).isBetween(0.0, 0.033);
    assertThat(JobBodies.job(job).throughputSource()).contains("clock");
    assertThat(FigureSources.workSource(job)).contains("clock");
    assertThat(explained())
        .contains("Job day (day) reports no steps; work is counted by SM clock times utilization");
  }

  @Test
  void isNotCalledReportedWhileNothingCountsItsWork() {
    training.register(Optional.empty());
    training.run(Duration.ofMinutes(1));
    JobView job = training.job();
    assertThat(JobBodies.job(job).throughputSource()).isEmpty();
    assertThat(FigureSources.workSource(job)).isEmpty();
    assertThat(explained()).contains("has not reported a step yet");
  }

  private String explained() {
    Snapshot snapshot = training.engine().snapshot();
    return new GpuExplanation(
            snapshot, snapshot.gpus().getFirst(), TestDaemon.gridAt(412), training.now())
        .text();
  }
}
