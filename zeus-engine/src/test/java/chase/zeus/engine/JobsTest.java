package chase.zeus.engine;

import static chase.zeus.engine.Given.START;
import static chase.zeus.engine.Given.at;
import static chase.zeus.engine.Given.watts;
import static chase.zeus.engine.JobHost.A;
import static chase.zeus.engine.JobHost.B;
import static chase.zeus.engine.JobHost.JOB;
import static chase.zeus.engine.JobHost.OTHER_MODEL;
import static chase.zeus.engine.JobHost.spec;
import static chase.zeus.engine.JobHost.until;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.Refusal.Cause;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JobsTest {
  private final JobHost host = new JobHost();

  @Test
  void aJobThatSaysNothingEndsByItself() {
    host.start(spec(OptionalDouble.of(0.05), A));
    host.report(1, 100);
    host.happen(new Event.TimePassed(at(699)));
    assertThat(host.engine().snapshot().jobs()).hasSize(1);
    host.happen(new Event.TimePassed(at(700)));
    assertThat(host.engine().snapshot().jobs()).isEmpty();
    assertThat(host.refusal(new Event.StepsDone(JOB, 2, at(701))).cause())
        .isEqualTo(Cause.JOB_ENDED);
  }

  @Test
  void theLastThousandEndedJobsAreRememberedTheNewestFirst() {
    for (int i = 0; i <= 1000; i++) {
      JobId id = new JobId("j" + i);
      host.happen(new Event.JobStarted(id, spec(OptionalDouble.empty(), A), at(i)));
      host.happen(new Event.JobEnded(id, at(i)));
    }
    List<EndedJob> ended = host.engine().snapshot().ended();
    assertThat(ended).hasSize(1000);
    assertThat(ended.getFirst())
        .isEqualTo(new EndedJob(new JobId("j1000"), "train", at(1000), EndedJob.How.TOLD));
    assertThat(host.refusal(new Event.JobEnded(new JobId("j1"), at(1001))).cause())
        .isEqualTo(Cause.JOB_ENDED);
    assertThat(host.refusal(new Event.JobEnded(new JobId("j0"), at(1001))).cause())
        .isEqualTo(Cause.UNKNOWN_JOB);
  }

  /** Ten thousand reports a second must not be ten thousand decisions. */
  @Test
  void reportsThatComeTooFastAreCountedAtOnceAndWeighedWithWhateverComesNext() {
    host.start(spec(OptionalDouble.of(0.05), A));
    host.report(0, 0);
    host.report(100, 10);
    host.happen(new Event.StepsDone(JOB, 150, at(15).minusMillis(50)));
    OptionalDouble weighed = host.job().stepsPerSecond();
    host.happen(new Event.StepsDone(JOB, 300, Map.of("loss", 2.0), at(15)));
    assertThat(host.job().steps()).hasValue(300);
    assertThat(host.job().heardAt()).isEqualTo(at(15));
    assertThat(host.job().metrics()).containsOnlyKeys("loss");
    assertThat(host.refusal(new Event.StepsDone(JOB, 299, at(15))).cause())
        .isEqualTo(Cause.CONFLICT);
    assertThat(host.job().stepsPerSecond()).isEqualTo(weighed);
    host.happen(new Event.TimePassed(at(16)));
    assertThat(host.job().stepsPerSecond().orElseThrow()).isGreaterThan(weighed.orElseThrow());
  }

  @Test
  void theLastValueOfEachMetricStaysThroughReportsWithoutIt() {
    host.start(spec(OptionalDouble.of(0.05), A));
    host.happen(new Event.StepsDone(JOB, 1, Map.of("loss", 3.0, "lr", 0.1), at(10)));
    host.happen(new Event.StepsDone(JOB, 1, Map.of("loss", 2.5), at(11)));
    host.happen(new Event.StepsDone(JOB, 2, at(12)));
    assertThat(host.job().metrics())
        .isEqualTo(
            Map.of("loss", new JobMetric(2.5, 1, at(11)), "lr", new JobMetric(0.1, 1, at(10))));
  }

  @Test
  void anEndedJobLeavesItsGpusToTheHostsPolicy() {
    host.happen(new Event.PolicyChosen(PowerPolicy.fixed(watts(150)), START));
    host.start(spec(OptionalDouble.of(0.05), A));
    assertThat(host.limit(A)).isEqualTo(watts(250));
    host.happen(new Event.JobEnded(JOB, at(100)));
    assertThat(host.limit(A)).isEqualTo(watts(150));
  }

  @Test
  void allGpusOfAJobGetOneLimitWhichAllOfThemMayHave() {
    host.happen(
        new Event.ReadingTaken(B, Given.reading(200, Optional.empty(), Optional.empty()), START));
    host.happen(new Event.TimePassed(at(700)));
    host.happen(new Event.JobStarted(JOB, spec(OptionalDouble.empty(), A, B), at(700)));
    assertThat(List.of(host.limit(A), host.limit(B))).containsOnly(watts(200));

    host.happen(new Event.PolicyChosen(PowerPolicy.fixed(watts(10)), at(800)));
    assertThat(List.of(host.limit(A), host.limit(B))).containsOnly(watts(150));
  }

  @Test
  void whereTheGpusOfAJobHaveDifferentPoliciesTheHighestLimitCounts() {
    host.happen(chosen(150, new Scope.OneGpu(A)));
    host.happen(chosen(200, new Scope.OneGpu(B)));
    host.start(spec(OptionalDouble.empty(), A, B));
    assertThat(List.of(host.limit(A), host.limit(B))).containsOnly(watts(200));
  }

  private static Event.PolicyChosen chosen(double watts, Scope scope) {
    return new Event.PolicyChosen(PowerPolicy.fixed(watts(watts)), scope, START);
  }

  @Test
  void theNarrowestPolicyWins() {
    host.start(spec(OptionalDouble.empty(), A));
    host.happen(chosen(240, new Scope.WholeHost()));
    assertThat(List.of(host.limit(A), host.limit(B))).containsOnly(watts(240));
    host.happen(chosen(220, new Scope.OneGpu(A)));
    assertThat(List.of(host.limit(A), host.limit(B))).containsExactly(watts(220), watts(240));
    host.happen(chosen(180, new Scope.OneJob(JOB)));
    assertThat(host.limit(A)).isEqualTo(watts(180));
    assertThat(host.engine().snapshot().policyOn(A)).isEqualTo(PowerPolicy.fixed(watts(180)));

    host.happen(new Event.PolicyCleared(new Scope.OneJob(JOB), START));
    assertThat(host.limit(A)).isEqualTo(watts(220));
    host.happen(new Event.PolicyCleared(new Scope.OneGpu(A), START));
    assertThat(host.limit(A)).isEqualTo(watts(240));
  }

  @Test
  void theHostsPolicyCannotBeCleared() {
    assertThat(host.refusal(new Event.PolicyCleared(new Scope.WholeHost(), START)).message())
        .isEqualTo("the host always has a policy; choose another instead");
  }

  @Test
  void aPolicyForWhatIsNotThereIsRefused() {
    assertThat(host.refusal(chosen(200, new Scope.OneGpu(new GpuId("GPU-x")))).cause())
        .isEqualTo(Cause.UNKNOWN_GPU);
    assertThat(host.refusal(chosen(200, new Scope.OneJob(JOB))).message())
        .isEqualTo("no job job runs here; there are none");
  }

  @Test
  void aGpuIsInOneJobOnly() {
    host.start(spec(OptionalDouble.empty(), A));
    Refusal refusal =
        host.refusal(
            new Event.JobStarted(new JobId("other"), spec(OptionalDouble.empty(), B, A), START));
    assertThat(refusal.cause()).isEqualTo(Cause.CONFLICT);
    assertThat(refusal.message()).isEqualTo("GPU 0 (GPU-a) is in job job already; end that first");
  }

  @Test
  void mixedModelsInOneJobAreRefused() {
    Refusal refusal =
        host.refusal(
            new Event.JobStarted(JOB, spec(OptionalDouble.empty(), A, OTHER_MODEL), START));
    assertThat(refusal.cause()).isEqualTo(Cause.OUT_OF_RANGE);
    assertThat(refusal.message()).contains("GPU-a) is Test card", "GPU-c) is Another card");
  }

  @Test
  void aJobOnAGpuThatIsNotHereOrLostIsRefused() {
    assertThat(
            host.refusal(
                    new Event.JobStarted(
                        JOB, spec(OptionalDouble.empty(), new GpuId("GPU-x")), START))
                .cause())
        .isEqualTo(Cause.UNKNOWN_GPU);
    host.happen(new Event.GpuLost(A, "Xid 79", START));
    assertThat(
            host.refusal(new Event.JobStarted(JOB, spec(OptionalDouble.empty(), A), START))
                .message())
        .isEqualTo("GPU 0 (GPU-a) is lost");
  }

  @Test
  void aDeadlineThatIsOverIsRefused() {
    Refusal refusal =
        host.refusal(new Event.JobStarted(JOB, until(START, 100, Optional.empty()), START));
    assertThat(refusal.cause()).isEqualTo(Cause.OUT_OF_RANGE);
    assertThat(refusal.message()).startsWith("the deadline is over: 2026-11-23T10:00:00Z");
  }
}
