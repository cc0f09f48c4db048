package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.watts;
import static chase.zeus.fixtures.TestHost.A;
import static chase.zeus.fixtures.TestHost.B;
import static chase.zeus.fixtures.TestHost.JOB;
import static chase.zeus.fixtures.TestHost.OTHER_MODEL;
import static chase.zeus.fixtures.TestHost.spec;
import static chase.zeus.fixtures.TestHost.until;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.Refusal.Cause;
import chase.zeus.fixtures.TestGpus;
import chase.zeus.fixtures.TestHost;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobTableTest {
  private final TestHost host = new TestHost();

  @Test
  void aJobThatDoesNotReportEndsAutomatically() {
    host.start(spec(Optional.of(0.05), A));
    host.report(1, 100);
    host.handle(new Event.TimePassed(at(699)));
    assertThat(host.engine().snapshot().jobs()).hasSize(1);
    host.handle(new Event.TimePassed(at(700)));
    assertThat(host.engine().snapshot().jobs()).isEmpty();
    assertThat(host.refusal(new Event.StepsReported(JOB, 2, at(701))).cause())
        .isEqualTo(Cause.JOB_ENDED);
  }

  @Test
  void theLastThousandEndedJobsAreRememberedTheNewestFirst() {
    for (int i = 0; i <= 1000; i++) {
      JobId id = new JobId("j" + i);
      host.handle(new Event.JobStarted(id, spec(Optional.empty(), A), at(i)));
      host.handle(new Event.JobEnded(id, at(i)));
    }
    List<JobView.EndedJob> ended = host.engine().snapshot().ended();
    assertThat(ended).hasSize(1000);
    assertThat(ended.getFirst())
        .isEqualTo(
            new JobView.EndedJob(
                new JobId("j1000"), "train", at(1000), JobView.EndedJob.EndCause.REPORTED));
    assertThat(host.refusal(new Event.JobEnded(new JobId("j1"), at(1001))).cause())
        .isEqualTo(Cause.JOB_ENDED);
    assertThat(host.refusal(new Event.JobEnded(new JobId("j0"), at(1001))).cause())
        .isEqualTo(Cause.UNKNOWN_JOB);
  }

  /** Ten thousand reports a second must not be ten thousand decisions. */
  @Test
  void reportsThatComeTooFastAreCountedAtOnceAndWeighedWithWhateverComesNext() {
    host.start(spec(Optional.of(0.05), A));
    host.report(0, 0);
    host.report(100, 10);
    host.handle(new Event.StepsReported(JOB, 150, at(15).minusMillis(50)));
    Optional<Double> weighed = host.job().stepsPerSecond();
    host.handle(new Event.StepsReported(JOB, 300, Map.of("loss", 2.0), at(15)));
    assertThat(host.job().steps()).hasValue(300L);
    assertThat(host.job().lastReportAt()).isEqualTo(at(15));
    assertThat(host.job().metrics()).containsOnlyKeys("loss");
    assertThat(host.refusal(new Event.StepsReported(JOB, 299, at(15))).cause())
        .isEqualTo(Cause.CONFLICT);
    assertThat(host.job().stepsPerSecond()).isEqualTo(weighed);
    host.handle(new Event.TimePassed(at(16)));
    assertThat(host.job().stepsPerSecond().orElseThrow()).isGreaterThan(weighed.orElseThrow());
  }

  @Test
  void theLastValueOfEachMetricStaysThroughReportsWithoutIt() {
    host.start(spec(Optional.of(0.05), A));
    host.handle(new Event.StepsReported(JOB, 1, Map.of("loss", 3.0, "lr", 0.1), at(10)));
    host.handle(new Event.StepsReported(JOB, 1, Map.of("loss", 2.5), at(11)));
    host.handle(new Event.StepsReported(JOB, 2, at(12)));
    assertThat(host.job().metrics())
        .isEqualTo(
            Map.of(
                "loss",
                new JobView.JobMetric(2.5, 1, at(11)),
                "lr",
                new JobView.JobMetric(0.1, 1, at(10))));
  }

  @Test
  void anEndedJobLeavesItsGpusToTheHostsPolicy() {
    host.handle(new Event.PolicyChosen(PowerPolicy.fixed(watts(150)), START));
    host.start(spec(Optional.of(0.05), A));
    assertThat(host.limit(A)).isEqualTo(watts(250));
    host.handle(new Event.JobEnded(JOB, at(100)));
    assertThat(host.limit(A)).isEqualTo(watts(150));
  }

  @Test
  void allGpusOfAJobGetOneLimitWhichAllOfThemMayHave() {
    host.handle(
        new Event.ReadingTaken(
            B, TestGpus.reading(200, Optional.empty(), Optional.empty()), START));
    host.handle(new Event.TimePassed(at(700)));
    host.handle(new Event.JobStarted(JOB, spec(Optional.empty(), A, B), at(700)));
    assertThat(List.of(host.limit(A), host.limit(B))).containsOnly(watts(200));

    host.handle(new Event.PolicyChosen(PowerPolicy.fixed(watts(10)), at(800)));
    assertThat(List.of(host.limit(A), host.limit(B))).containsOnly(watts(150));
  }

  @Test
  void whereTheGpusOfAJobHaveDifferentPoliciesTheHighestLimitCounts() {
    host.handle(chosen(150, new PolicyScope.OneGpu(A)));
    host.handle(chosen(200, new PolicyScope.OneGpu(B)));
    host.start(spec(Optional.empty(), A, B));
    assertThat(List.of(host.limit(A), host.limit(B))).containsOnly(watts(200));
  }

  private static Event.PolicyChosen chosen(double watts, PolicyScope scope) {
    return new Event.PolicyChosen(PowerPolicy.fixed(watts(watts)), scope, START);
  }

  @Test
  void theNarrowestPolicyWins() {
    host.start(spec(Optional.empty(), A));
    host.handle(chosen(240, new PolicyScope.WholeHost()));
    assertThat(List.of(host.limit(A), host.limit(B))).containsOnly(watts(240));
    host.handle(chosen(220, new PolicyScope.OneGpu(A)));
    assertThat(List.of(host.limit(A), host.limit(B))).containsExactly(watts(220), watts(240));
    host.handle(chosen(180, new PolicyScope.OneJob(JOB)));
    assertThat(host.limit(A)).isEqualTo(watts(180));
    assertThat(host.engine().snapshot().policyOn(A)).isEqualTo(PowerPolicy.fixed(watts(180)));

    host.handle(new Event.PolicyCleared(new PolicyScope.OneJob(JOB), START));
    assertThat(host.limit(A)).isEqualTo(watts(220));
    host.handle(new Event.PolicyCleared(new PolicyScope.OneGpu(A), START));
    assertThat(host.limit(A)).isEqualTo(watts(240));
  }

  @Test
  void withoutTheHostsChosenPolicyTheConfiguredOneCountsAgain() {
    PowerPolicy configured = host.engine().snapshot().policyOn(A);
    host.handle(chosen(240, new PolicyScope.WholeHost()));
    host.handle(new Event.PolicyCleared(new PolicyScope.WholeHost(), START));
    assertThat(host.engine().snapshot().policyOn(A)).isEqualTo(configured);
  }

  @Test
  void aPolicyForWhatIsNotThereIsRefused() {
    assertThat(host.refusal(chosen(200, new PolicyScope.OneGpu(new GpuId("GPU-x")))).cause())
        .isEqualTo(Cause.UNKNOWN_GPU);
    assertThat(host.refusal(chosen(200, new PolicyScope.OneJob(JOB))).message())
        .isEqualTo("no job job runs here; there are none");
  }

  @Test
  void aGpuIsInOneJobOnly() {
    host.start(spec(Optional.empty(), A));
    Refusal refusal =
        host.refusal(new Event.JobStarted(new JobId("other"), spec(Optional.empty(), B, A), START));
    assertThat(refusal.cause()).isEqualTo(Cause.CONFLICT);
    assertThat(refusal.message()).isEqualTo("GPU 0 (GPU-a) is in job job already; end that first");
  }

  @Test
  void mixedModelsInOneJobAreRefused() {
    Refusal refusal =
        host.refusal(new Event.JobStarted(JOB, spec(Optional.empty(), A, OTHER_MODEL), START));
    assertThat(refusal.cause()).isEqualTo(Cause.OUT_OF_RANGE);
    assertThat(refusal.message()).contains("GPU-a) is Test GPU", "GPU-c) is Another GPU");
  }

  @Test
  void aJobOnAGpuThatIsNotHereOrLostIsRefused() {
    assertThat(
            host.refusal(
                    new Event.JobStarted(JOB, spec(Optional.empty(), new GpuId("GPU-x")), START))
                .cause())
        .isEqualTo(Cause.UNKNOWN_GPU);
    host.handle(new Event.GpuLost(A, "Xid 79", START));
    assertThat(host.refusal(new Event.JobStarted(JOB, spec(Optional.empty(), A), START)).message())
        .isEqualTo("GPU 0 (GPU-a) is lost");
    host.handle(
        new Event.GpuLost(
            A,
            "an operator released the driver until 12:00",
            GpuView.GpuContact.ContactState.RELEASED,
            START));
    assertThat(host.refusal(new Event.JobStarted(JOB, spec(Optional.empty(), A), START)).message())
        .isEqualTo("GPU 0 (GPU-a) cannot be used: an operator released the driver until 12:00");
    assertThat(
            host.refusal(new Event.OverrideSet(A, watts(300), START.plusSeconds(9), START))
                .message())
        .endsWith("an operator released the driver until 12:00")
        .doesNotContain("lost");
  }

  @Test
  void aDeadlineThatIsOverIsRefused() {
    Refusal refusal =
        host.refusal(new Event.JobStarted(JOB, until(START, 100, Optional.empty()), START));
    assertThat(refusal.cause()).isEqualTo(Cause.OUT_OF_RANGE);
    assertThat(refusal.message()).startsWith("the deadline is over: 2026-11-23T10:00:00Z");
  }
}
