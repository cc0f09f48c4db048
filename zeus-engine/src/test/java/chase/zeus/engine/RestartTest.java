package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.watts;
import static chase.zeus.fixtures.TestHost.A;
import static chase.zeus.fixtures.TestHost.B;
import static chase.zeus.fixtures.TestHost.JOB;
import static chase.zeus.fixtures.TestHost.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import chase.zeus.engine.KeptState.OperatorPause;
import chase.zeus.engine.Refusal.Cause;
import chase.zeus.fixtures.RandomEvents;
import chase.zeus.fixtures.TestHost;
import chase.zeus.policy.PowerPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RestartTest {
  private static final PowerPolicy LOW = PowerPolicy.fixed(watts(160));
  private static final PowerPolicy LOWER = PowerPolicy.fixed(watts(155));

  private final TestHost host = new TestHost();

  @Test
  void overridesAndPausesComeBackWithTheirBeginningAndTheirEnd() {
    host.handle(new Event.OverrideSet(A, watts(200), at(600), at(1)));
    host.handle(new Event.GpuPaused(B, Optional.empty(), at(2)));

    TestHost next = host.restarted(at(60));
    assertThat(next.reason(A)).isEqualTo(new Reason.Overridden(at(600)));
    assertThat(next.limit(A)).isEqualTo(watts(200));
    assertThat(next.reason(B)).isEqualTo(new Reason.PausedGpu(Optional.empty()));
    Snapshot now = next.engine().snapshot();
    assertThat(now.pauses().of(B)).contains(new OperatorPause(at(2), Optional.empty()));
    assertThat(now.requests().overrides())
        .hasEntrySatisfying(A, held -> assertThat(now.isKept(held.since())).isTrue());
    assertThat(now.isKept(at(61))).isFalse();
  }

  @Test
  void whatHasEndedMeanwhileIsNotRevived() {
    host.handle(new Event.OverrideSet(A, watts(200), at(30), at(1)));
    host.handle(new Event.Paused(Optional.of(at(40)), at(2)));

    TestHost next = host.restarted(at(60));
    assertThat(next.engine().snapshot().paused()).isFalse();
    assertThat(next.engine().snapshot().requests().overrides()).isEmpty();
    assertThat(next.reason(A)).isInstanceOf(Reason.Chosen.class);
  }

  @Test
  void theHostStaysPaused() {
    host.handle(new Event.Paused(Optional.empty(), at(2)));
    TestHost next = host.restarted(at(60));
    assertThat(next.reason(A)).isEqualTo(new Reason.ChasePaused(Optional.empty()));
    next.handle(new Event.Resumed(at(61)));
    assertThat(next.restarted(at(70)).engine().snapshot().paused()).isFalse();
  }

  @Test
  void policiesThatWereChosenComeBackForHostGpuAndJob() {
    host.handle(new Event.PolicyChosen(LOW, at(1)));
    host.handle(new Event.PolicyChosen(LOWER, new PolicyScope.OneGpu(B), at(1)));
    host.start(spec(Optional.empty(), A));
    host.handle(new Event.PolicyChosen(PowerPolicy.max(), new PolicyScope.OneJob(JOB), at(2)));

    Snapshot now = host.restarted(at(60)).engine().snapshot();
    assertThat(now.policy()).isEqualTo(LOW);
    assertThat(now.policyOn(B)).isEqualTo(LOWER);
    assertThat(now.policyOn(A)).isEqualTo(PowerPolicy.max());
  }

  @Test
  void anotherPolicyInTheConfigurationIsTheLaterWord() {
    host.handle(new Event.PolicyChosen(LOW, at(1)));
    assertThat(host.restarted(LOWER, at(60)).engine().snapshot().policy()).isEqualTo(LOWER);
  }

  @Test
  void aHostWithoutAChoiceHasTheConfiguredPolicyAgain() {
    host.handle(new Event.PolicyChosen(LOW, at(1)));
    host.handle(new Event.PolicyCleared(new PolicyScope.WholeHost(), at(2)));
    assertThat(host.engine().snapshot().policy()).isEqualTo(PowerPolicy.max());
    assertThat(host.engine().kept().policies()).isEmpty();
  }

  @Test
  void aJobGoesOnWithItsBudgetWhateverItDidMeanwhile() {
    host.start(spec(Optional.of(0.1), A));
    host.runFor(20_000);
    assertThat(host.limit(A)).isLessThan(watts(250));
    JobView before = host.job();

    TestHost next = host.restarted(at(20_040));
    assertThat(next.job().progress()).isEqualTo(before.progress());
    assertThat(next.job().slack().orElseThrow().seconds()).isGreaterThan(1_990);
    assertThat(next.job().startedAt()).isEqualTo(START);
    assertThat(next.limit(A)).isLessThan(watts(250));

    next.report(200_500, 20_060);
    double elapsed = next.job().progress().orElseThrow().elapsed();
    assertThat(elapsed - before.progress().orElseThrow().elapsed()).isCloseTo(60, offset(1e-6));
    double done = next.job().progress().orElseThrow().done();
    assertThat(done - before.progress().orElseThrow().done()).isCloseTo(50, offset(1e-6));
  }

  @Test
  void aJobsSilenceCountsFromTheRestart() {
    host.start(spec(Optional.empty(), A));
    host.report(10, 10);
    long late = SafetyRules.DEFAULT_SILENCE.toSeconds() * 3;
    TestHost next = host.restarted(at(late));
    assertThat(next.job().steps()).contains(10L);
    assertThat(next.job().lastReportAt()).isEqualTo(at(10));
    next.handle(new Event.TimePassed(at(late).plus(SafetyRules.DEFAULT_SILENCE)));
    assertThat(next.engine().snapshot().jobs()).isEmpty();
  }

  @Test
  void aJobThatHasEndedIsStillKnownAsEnded() {
    host.start(spec(Optional.empty(), A));
    host.handle(new Event.JobEnded(JOB, at(10)));
    TestHost next = host.restarted(at(60));
    assertThat(next.refusal(new Event.StepsReported(JOB, 1, at(61))).cause())
        .isEqualTo(Cause.JOB_ENDED);
  }

  @Test
  void whatIsKeptForAGpuWaitsUntilItIsThere() {
    host.handle(new Event.OverrideSet(A, watts(200), at(600), at(1)));
    host.start(spec(Optional.of(0.1), A));
    host.runFor(100);

    TestHost absent = host.restarted(PowerPolicy.max(), at(160));
    absent.handle(new Event.TimePassed(at(161)));
    assertThat(absent.job().progress()).isEqualTo(host.job().progress());

    TestHost next = absent.restarted(at(200));
    assertThat(next.reason(A)).isEqualTo(new Reason.Overridden(at(600)));
    assertThat(next.job().progress()).isEqualTo(host.job().progress());
  }

  @Test
  void aLeaseStaysWithItsHolderUntilItsEnd() {
    Lease.Holder alice = new Lease.Holder("alice", Optional.of(4711L));
    host.handle(new Event.LeaseTaken(A, Optional.of(watts(120)), alice, at(600), at(1)));
    TestHost next = host.restarted(at(60));
    assertThat(next.reason(A)).isEqualTo(new Reason.Leased(alice, at(600)));
    assertThat(next.limit(A)).isEqualTo(watts(120));
  }

  @Test
  void aPolicyThatIsTriedIsRolledBackUnlessItIsConfirmed() {
    host.handle(new Event.PolicyChosen(LOW, at(1)));
    tryOn(LOWER, 10, 40);
    assertThat(host.limit(A)).isEqualTo(watts(155));
    host.handle(new Event.TimePassed(at(39)));
    assertThat(host.engine().snapshot().policy()).isEqualTo(LOWER);
    host.handle(new Event.TimePassed(at(40)));
    assertThat(host.engine().snapshot().policy()).isEqualTo(LOW);
    assertThat(host.limit(A)).isEqualTo(watts(160));
  }

  @Test
  void aPolicyThatIsConfirmedStays() {
    tryOn(LOWER, 10, 40);
    host.handle(new Event.PolicyConfirmed(Optional.empty(), at(20)));
    host.handle(new Event.TimePassed(at(400)));
    assertThat(host.engine().snapshot().policy()).isEqualTo(LOWER);
    assertThat(host.refusal(new Event.PolicyConfirmed(Optional.empty(), at(401))).cause())
        .isEqualTo(Cause.CONFLICT);
  }

  @Test
  void aSecondTrialStillGoesBackToWhatWasConfirmed() {
    tryOn(LOWER, 10, 40);
    tryOn(LOW, 20, 60);
    host.handle(new Event.TimePassed(at(59)));
    assertThat(host.engine().snapshot().policy()).isEqualTo(LOW);
    host.handle(new Event.TimePassed(at(60)));
    assertThat(host.engine().snapshot().policy()).isEqualTo(PowerPolicy.max());
  }

  @Test
  void aRestartConfirmsNothing() {
    host.handle(new Event.PolicyChosen(LOW, at(1)));
    tryOn(LOWER, 10, 400);
    assertThat(host.restarted(at(60)).engine().snapshot().policy()).isEqualTo(LOW);
    tryOn(LOWER, 20, 400);
    host.handle(new Event.PolicyConfirmed(Optional.of(new PolicyScope.WholeHost()), at(20)));
    assertThat(host.restarted(at(60)).engine().snapshot().policy()).isEqualTo(LOWER);
  }

  private void tryOn(PowerPolicy policy, long from, long until) {
    host.handle(
        new Event.PolicyChosen(
            policy, new PolicyScope.WholeHost(), Optional.of(at(until)), at(from)));
  }

  static List<Long> seeds() {
    Long replay = Long.getLong("chase.seed");
    return replay != null ? List.of(replay) : new Random(13).longs(20).boxed().toList();
  }

  /** Whatever happened before: nothing that is kept is lost, and the same is decided. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anEngineThatWasRestartedDecidesAsBefore(long seed) {
    System.out.println("chase.seed=" + seed);
    RandomEvents events = new RandomEvents(new Random(seed), SafetyRules.Mode.CONTROL);
    for (int round = 0; round < 15; round++) {
      for (int step = 0; step < 20; step++) {
        events.nextEvent();
      }
      assertSame(events.engine(), restarted(events.engine()));
    }
  }

  /** Another engine, started now with what this one has kept, on the same GPUs. */
  private static Engine restarted(Engine before) {
    Snapshot was = before.snapshot();
    Engine next = RandomEvents.newEngine(was.mode(), was.at());
    next.on(new Event.Restarted(before.kept(), was.at()));
    for (GpuView gpu : was.gpus()) {
      next.on(
          new Event.GpuOpened(
              gpu.traits(),
              gpu.limits(),
              gpu.profile(),
              gpu.original().map(OriginalLimit::onRecord),
              was.at()));
    }
    return next;
  }

  private static void assertSame(Engine before, Engine after) {
    assertThat(after.kept()).isEqualTo(before.kept());
    Snapshot was = before.snapshot();
    Snapshot is = after.snapshot();
    assertThat(is.pauses()).isEqualTo(was.pauses());
    assertThat(is.leases()).isEqualTo(was.leases());
    assertThat(is.policy()).isEqualTo(was.policy());
    for (JobView job : was.jobs()) {
      JobView same = is.job(job.id()).orElseThrow();
      assertThat(same.policy()).isEqualTo(job.policy());
      assertThat(same.progress()).isEqualTo(job.progress());
      assertThat(same.fullSpeed()).isEqualTo(job.fullSpeed());
      assertThat(same.reports()).isEqualTo(job.reports());
    }
    for (GpuView gpu : was.gpus()) {
      GpuView same = is.gpu(gpu.traits().id()).orElseThrow();
      assertThat(is.policyOn(gpu.traits().id())).isEqualTo(was.policyOn(gpu.traits().id()));
      if (isAskedFor(gpu.reason())) {
        assertThat(same.reason()).isEqualTo(gpu.reason());
        assertThat(same.target()).isEqualTo(gpu.target());
      }
    }
  }

  private static boolean isAskedFor(Reason reason) {
    return reason instanceof Reason.Overridden
        || reason instanceof Reason.Leased
        || reason instanceof Reason.ChasePaused
        || reason instanceof Reason.PausedGpu;
  }
}
