package chase.daemon.metrics;

import chase.daemon.ledger.JobTotals;
import chase.daemon.ledger.JobTotals.EstimatedSaving;
import chase.daemon.ledger.JobTotals.JobTotal;
import chase.zeus.energy.GpuEnergy;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.ProfileView;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Slack;
import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.ProfilingCost;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job that trains, and of which two limits are measured. */
final class TestJobs {
  private TestJobs() {}

  /** What that job used and saved, and what others did. */
  static JobTotals totals() {
    return new JobTotals(
        List.of(
            new JobTotal(
                "a1",
                "resnet",
                Optional.of("alice"),
                90_000,
                Map.of("measured", 9.5, "estimated", 1.25),
                Optional.of(15_000.0)),
            new JobTotal(JobTotals.OTHERS, "", Optional.empty(), 250, Map.of(), Optional.empty())),
        List.of(
            new EstimatedSaving(
                "full_power", "gpu", 90_000, 96_000, Optional.of(10.75), Optional.of(11.5)),
            new EstimatedSaving(
                "carbon_blind", "gpu", 90_000, 89_500, Optional.of(10.75), Optional.of(10.5)),
            new EstimatedSaving(
                "full_power",
                "gpu_and_host",
                99_000,
                104_000,
                Optional.of(11.75),
                Optional.of(12.25)),
            new EstimatedSaving(
                "carbon_blind",
                "gpu_and_host",
                99_000,
                99_500,
                Optional.of(11.75),
                Optional.of(11.875))));
  }

  static JobView job() {
    var spec =
        new JobSpec(
            "resnet",
            List.of(TestScrapes.TALKATIVE),
            Optional.of(256),
            Optional.of(90_000L),
            Optional.of(TestScrapes.NOW.plusSeconds(7200)),
            Optional.of(Watts.ZERO),
            Optional.of(0.05),
            Map.of(),
            Optional.of("alice"),
            Optional.empty());
    var progress = JobProgress.of(TestScrapes.NOW.minusSeconds(1020), TestScrapes.NOW, 1000, 5000);
    return new JobView(
        new JobId("a1"),
        spec,
        PowerPolicy.budget(0.05),
        TestScrapes.NOW.minusSeconds(1100),
        new JobView.JobReports(
            TestScrapes.NOW.minusSeconds(4),
            Optional.of(15_000L),
            Map.of("loss", new JobView.JobMetric(2.25, 15_000, TestScrapes.NOW.minusSeconds(4)))),
        new JobView.JobWork(
            Optional.of(14.5),
            Optional.of(15.0),
            Optional.of(progress),
            Optional.of(new Slack(280, 300))),
        new JobView.JobDecision(
            Optional.of(new Watts(420)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false),
        Optional.of(profile()));
  }

  /** Two limits measured, a third waited for. */
  private static ProfileView profile() {
    return new ProfileView(
        Optional.of(new ProfilingState.Waiting(new Watts(400))),
        2,
        6,
        List.of(measured(500, 480, 13.5, 3_000), measured(700, 640, 15, 3_600)),
        new ProfilingCost(Duration.ofSeconds(95), new Joules(55_000), 1_370),
        1,
        ProfileView.WorkSource.REPORTED,
        Optional.of(GpuEnergy.EnergyBasis.COUNTER),
        1);
  }

  private static ProfileView.DatedPoint measured(
      double limit, double watts, double work, long secondsAgo) {
    return new ProfileView.DatedPoint(
        new MeasuredProfile.MeasuredPoint(
            new Watts(limit), new Estimate(12, watts, 4), new Estimate(12, work, 0.4)),
        TestScrapes.NOW.minusSeconds(secondsAgo));
  }
}
