package chase.daemon.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.bodies.JobBodies;
import chase.daemon.explain.GpuExplanation;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.UsageSnapshots;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobView;
import chase.zeus.engine.ProfilingRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.fixtures.SimulatedTraining;
import chase.zeus.gpu.GpuReading.Activity.Source;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.util.List;
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

  @Test
  void whatItsGpusCountedAndWhatItReportsAreChargedApartAndOnce() {
    UsageMeter meter = new UsageMeter(1000);
    training.register(Optional.empty());
    for (int minute = 0; minute < 180; minute++) {
      charge(meter);
    }
    for (int minute = 0; minute < 120; minute++) {
      training.handle(
          new Event.StepsReported(SimulatedTraining.JOB, training.steps(), training.now()));
      charge(meter);
    }
    var rows = meter.drain("t").usage();
    double counted = elapsed(rows, "clock");
    double reported = elapsed(rows, "reported");
    // Each is known late: a report or two at full power come first.
    assertThat(counted).isBetween(170 * 60.0, 180 * 60.0);
    assertThat(reported).isBetween(110 * 60.0, 120 * 60.0);
    assertThat(rows)
        .allSatisfy(row -> {
          assertThat(row.usage().doneSeconds()).isNotNegative();
          assertThat(row.usage().steps() > 0)
              .isEqualTo(row.key().sources().work().equals(Optional.of("reported")));
        });
  }

  private void charge(UsageMeter meter) {
    training.run(Duration.ofMinutes(1));
    Snapshot snapshot = training.engine().snapshot();
    meter.update(snapshot, UsageSnapshots.grid(400), gpu -> snapshot.jobOn(gpu).map(GpuOwner::of));
  }

  private static double elapsed(List<LedgerRows.UsageRow> rows, String source) {
    return rows.stream()
        .filter(row -> row.key().sources().work().equals(Optional.of(source)))
        .mapToDouble(row -> row.usage().elapsedSeconds())
        .sum();
  }

  private String explained() {
    Snapshot snapshot = training.engine().snapshot();
    return new GpuExplanation(
            snapshot, snapshot.gpus().getFirst(), TestDaemon.gridAt(412), training.now())
        .text();
  }
}
