package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.watts;
import static chase.zeus.fixtures.TestHost.A;
import static chase.zeus.fixtures.TestHost.JOB;
import static chase.zeus.fixtures.TestHost.spec;
import static chase.zeus.fixtures.TestHost.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import chase.zeus.engine.Refusal.Cause;
import chase.zeus.fixtures.TestGpus;
import chase.zeus.fixtures.TestHost;
import chase.zeus.policy.PowerPolicy;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobProgressTest {
  private final TestHost host = new TestHost();

  @Test
  void aJobRunsAtFullPowerUntilItsSpeedThereIsKnown() {
    host.handle(new Event.PolicyChosen(PowerPolicy.fixed(watts(150)), START));
    host.start(spec(Optional.of(0.05), A));
    host.runFor(30);
    assertThat(host.limit(A)).isEqualTo(watts(250));
    assertThat(host.reason(A)).isEqualTo(new Reason.MeasuringFullSpeed(JOB));
    assertThat(host.job().fullSpeed()).isEmpty();
    assertThat(host.job().slack()).isEmpty();

    host.run(30, 60, 10);
    assertThat(host.job().fullSpeed().orElseThrow()).isEqualTo(10);
    assertThat(host.reason(A)).isNotInstanceOf(Reason.MeasuringFullSpeed.class);
  }

  @Test
  void reportedStepsBecomeProgressInSecondsAtFullPower() {
    host.start(spec(Optional.of(0.05), A));
    host.runFor(100);
    assertThat(host.job().progress().orElseThrow().done()).isEqualTo(100);
    assertThat(host.job().slowdown().orElseThrow()).isZero();
    assertThat(host.job().slack().orElseThrow().seconds()).isEqualTo(5);
    assertThat(host.job().slack().orElseThrow().share().orElseThrow()).isEqualTo(1);
    host.report(1_050, 110);
    assertThat(host.job().slowdown().orElseThrow()).isCloseTo(110.0 / 105 - 1, offset(1e-3));
  }

  @Test
  void aJobThatEarnedSlackRunsSlowerAndOneThatSpentItAtFullPower() {
    host.start(spec(Optional.of(0.1), A));
    host.runFor(20_000);
    assertThat(host.limit(A)).isLessThan(watts(250));

    host.run(20_000, 25_000, 5);
    assertThat(host.limit(A)).isEqualTo(watts(250));
  }

  @Test
  void aJobThatGetsSlowerForItsOwnReasonsKeepsItsDebt() {
    host.start(spec(Optional.of(0.1), A));
    host.runFor(20_000);
    host.run(20_000, 24_200, 4);
    assertThat(host.limit(A)).isEqualTo(watts(250));
    assertThat(host.job().fullSpeed().orElseThrow()).isCloseTo(4, offset(0.1));
    assertThat(host.job().slack().orElseThrow().seconds()).isNegative();
  }

  @Test
  void aJobThatGetsFasterThanItsFullPowerIsMeasuredAnew() {
    host.start(spec(Optional.of(0.1), A));
    host.runFor(20_000);
    double earned = host.job().progress().orElseThrow().done();
    host.run(20_000, 20_100, 20);
    assertThat(host.limit(A)).isEqualTo(watts(250));
    assertThat(host.reason(A)).isEqualTo(new Reason.MeasuringFullSpeed(JOB));

    host.run(20_100, 20_300, 20);
    assertThat(host.job().fullSpeed().orElseThrow()).isEqualTo(20);
    assertThat(host.job().progress().orElseThrow().done()).isBetween(earned + 200, earned + 450);
  }

  @Test
  void theSameCountOnlyShowsThatTheJobIsAlive() {
    host.start(spec(Optional.of(0.05), A));
    host.runFor(100);
    host.report(1_000, 400);
    assertThat(host.job().lastReportAt()).isEqualTo(at(400));
    assertThat(host.job().progress().orElseThrow().asOf()).isEqualTo(at(100));
  }

  @Test
  void aCountThatGoesBackwardsIsRefusedAndChangesNothing() {
    host.start(spec(Optional.of(0.05), A));
    host.report(100, 10);
    Event.StepsReported back = new Event.StepsReported(JOB, 99, at(20));
    assertThat(host.refusal(back))
        .isEqualTo(
            new Refusal(
                Cause.CONFLICT, "job job did 100 steps already, so 99 is no count of all of them"));
    assertThat(host.job().steps()).hasValue(100L);
  }

  @Test
  void aCountBelowZeroIsRefused() {
    host.start(spec(Optional.of(0.05), A));
    assertThat(host.refusal(new Event.StepsReported(JOB, -1, at(1))).cause())
        .isEqualTo(Cause.OUT_OF_RANGE);
  }

  @Test
  void stepsFromNowhereEarnNoSlack() {
    host.start(spec(Optional.of(0.05), A));
    host.runFor(100);
    host.report(1_000_000_000, 110);
    assertThat(host.job().progress().orElseThrow().done()).isEqualTo(110);
    assertThat(host.job().fullSpeed().orElseThrow()).isEqualTo(10);
  }

  @Test
  void aCheckpointIsNotHeldAgainstTheJob() {
    host.start(spec(Optional.of(0.05), A));
    host.runFor(100);
    host.report(1_100, 310);
    assertThat(host.job().slowdown().orElseThrow()).isZero();
    assertThat(host.job().fullSpeed().orElseThrow()).isEqualTo(10);
  }

  @Test
  void aDeadlineThatCannotBeMetIsAcceptedAndRunAtFullPower() {
    host.start(until(at(3_600), 1_000_000, Optional.empty()));
    host.runFor(100);
    assertThat(host.limit(A)).isEqualTo(watts(250));
    assertThat(host.job().slack().orElseThrow().seconds()).isCloseTo(3_500 - 99_900, offset(1e-6));
  }

  @Test
  void aDeadlineFarOffIsUsedToSavePower() {
    host.start(until(at(40_000), 200_000, Optional.empty()));
    host.runFor(100);
    assertThat(host.limit(A)).isLessThan(watts(250));
  }

  @Test
  void aForeignWriteToOneOfTheGpusBeginsTheCountAnew() {
    host.start(spec(Optional.of(0.05), A));
    host.runFor(100);
    host.handle(TestGpus.seen(A, 240, at(110)));
    assertThat(host.job().fullSpeed()).isEmpty();
    assertThat(host.job().steps()).hasValue(1_000L);
  }
}
