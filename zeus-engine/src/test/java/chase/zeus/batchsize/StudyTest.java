package chase.zeus.batchsize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.batchsize.StudyException.StudyFailure;
import chase.zeus.batchsize.Trial.Status;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StudyTest {
  private static final StudySpec SPEC = spec(SearchMethod.CHASE);

  private static StudySpec spec(SearchMethod method) {
    return new StudySpec(
        List.of(16, 32, 64),
        32,
        new TargetMetric(0.9, true),
        10,
        new EnergyTimeCost(0.5, new Watts(100)),
        Optional.of(2.0),
        List.of(),
        0,
        method,
        7);
  }

  private static TrialReport report(Trial trial, int epoch, double joules, double metric) {
    return new TrialReport(
        trial.number(),
        trial.batchSize(),
        epoch,
        TrialUsage.of(new Joules(joules), joules / 50),
        Optional.of(metric),
        Optional.empty());
  }

  @Test
  void theOwnersBatchSizeIsTriedFirst() {
    for (SearchMethod method : SearchMethod.values()) {
      Trial first = Study.open(spec(method)).startTrial().trial();
      assertThat(first.batchSize()).isEqualTo(32);
      assertThat(first.number()).isEqualTo(1);
      assertThat(first.limits()).isEqualTo(new Trial.LimitPlan.Free());
    }
  }

  @Test
  void aRunGoesOnUntilItsTargetIsReached() {
    StudyResult first = Study.open(SPEC).startTrial();
    StudyResult goesOn = first.study().report(report(first.trial(), 1, 1000, 0.5));
    assertThat(goesOn.stop()).isFalse();
    StudyResult done = goesOn.study().report(report(first.trial(), 2, 2000, 0.9));
    assertThat(done.stop()).isTrue();
    assertThat(done.converged()).isTrue();
    assertThat(done.study().trial(1).orElseThrow().status()).isEqualTo(Status.REACHED);
    assertThat(done.study().cost(done.trial())).isEqualTo(0.5 * 2000 + 0.5 * 100 * 40);
  }

  @Test
  void aMetricThatFallsReachesItsTargetFromAbove() {
    assertThat(new TargetMetric(40, false).isReachedBy(39.9)).isTrue();
    assertThat(new TargetMetric(40, false).isReachedBy(40.1)).isFalse();
  }

  @Test
  void aRunThatWouldCostMoreThanBetaTimesTheCheapestIsStopped() {
    StudyResult first = Study.open(SPEC).startTrial();
    Study known = first.study().report(report(first.trial(), 1, 1000, 0.95)).study();
    StudyResult second = known.startTrial();
    StudyResult stopped = second.study().report(report(second.trial(), 1, 1001, 0.1));
    assertThat(stopped.trial().status()).isEqualTo(Status.STOPPED);
    assertThat(stopped.converged()).isFalse();
  }

  @Test
  void zeusStopsARunOnceItHasCostMoreThanBetaTimesTheCheapestWhateverItReached() {
    StudyResult first = Study.open(spec(SearchMethod.ZEUS)).startTrial();
    Study known = first.study().report(report(first.trial(), 1, 1000, 0.95)).study();
    StudyResult second = known.startTrial();
    StudyResult within = second.study().report(report(second.trial(), 1, 2000, 0.1));
    assertThat(within.stop()).isFalse();
    StudyResult above = within.study().report(report(second.trial(), 2, 2001, 0.95));
    assertThat(above.trial().status()).isEqualTo(Status.STOPPED);
    assertThat(above.converged()).isFalse();
    assertThat(above.study().startTrial().trial().batchSize()).isEqualTo(64);
  }

  @Test
  void zeusDoesNotChargeFailedRunsBeforeTheCheapestOne() {
    StudyResult first = Study.open(spec(SearchMethod.ZEUS)).startTrial();
    Study known = first.study().report(report(first.trial(), 1, 1000, 0.95)).study();
    StudyResult lost = known.startTrial();
    StudyResult third =
        lost.study().report(report(lost.trial(), 1, 2500, 0.1)).study().startTrial();
    Study cheap = third.study().report(report(third.trial(), 1, 400, 0.95)).study();
    assertThat(cheap.costUpperBound(16)).isEqualTo(2 * (0.5 * 400 + 0.5 * 100 * 8));
  }

  @Test
  void zeusExploresAgainWhatEndedByItself() {
    StudyResult first = Study.open(spec(SearchMethod.ZEUS)).startTrial();
    Trial again = first.study().fail(1).startTrial().trial();
    assertThat(again.batchSize()).isEqualTo(32);
    assertThat(again.kind()).isEqualTo(Trial.TrialKind.EXPLORATION);
  }

  @Test
  void aTrialWithoutMeasurementsChangesNoPrediction() {
    for (SearchMethod method : SearchMethod.values()) {
      StudyResult first = Study.open(spec(method)).startTrial();
      StudyResult done = first.study().report(report(first.trial(), 1, 0, 0.95));
      assertThat(done.converged()).isTrue();
      assertThat(done.study().costUpperBound(32)).as(method.toString()).isInfinite();
      StudyResult second = done.study().startTrial();
      assertThat(second.trial().batchSize()).isEqualTo(32);
      assertThat(second.study().report(report(second.trial(), 1, 1000, 0.1)).stop()).isFalse();
      assertThat(done.study().explain().arms()).hasSize(3);
    }
  }

  @Test
  void oldTrialsMayBeMissing() {
    Study study = Study.open(SPEC);
    for (int i = 0; i < 6; i++) {
      StudyResult next = study.startTrial();
      study = next.study().report(report(next.trial(), 1, 1000 + i, 0.95)).study();
    }
    List<Trial> latest = new ArrayList<>(study.trials());
    latest.remove(1);
    latest.remove(2);
    Study rest = new Study(SPEC, latest);
    assertThat(rest.trial(2)).isEmpty();
    assertThat(rest.trial(5)).isEqualTo(study.trial(5));
    StudyResult next = rest.startTrial();
    assertThat(next.trial().number()).isEqualTo(7);
    StudyResult done = next.study().report(report(next.trial(), 1, 900, 0.95));
    assertThat(done.study().trial(7).orElseThrow().reached()).isTrue();
    assertThat(done.study().trial(6)).isEqualTo(study.trial(6));
  }

  @Test
  void aFailedRunDoesNotLowerWhatOthersMayCost() {
    StudyResult first = Study.open(SPEC).startTrial();
    Study study = first.study().report(report(first.trial(), 1, 1000, 0.95)).study();
    double before = study.costUpperBound(64);
    StudyResult second = study.startTrial();
    Study failed = second.study().report(report(second.trial(), 1, 10, 0.1)).study().fail(2);
    assertThat(failed.costUpperBound(64)).isEqualTo(before);
  }

  @Test
  void aRunEndsAfterItsLastEpoch() {
    StudyResult first = Study.open(SPEC).startTrial();
    StudyResult last = first.study().report(report(first.trial(), 10, 1000, 0.1));
    assertThat(last.trial().status()).isEqualTo(Status.EXHAUSTED);
  }

  @Test
  void theTrialsAloneRebuildTheStudy() {
    Study study = Study.open(SPEC);
    for (int i = 0; i < 30; i++) {
      StudyResult started = study.startTrial();
      Trial trial = started.trial();
      double joules = 1000.0 * Math.abs(trial.batchSize() - 40) + 10 * i;
      study = started.study().report(report(trial, 1, joules, 0.95)).study();
      Study rebuilt = new Study(SPEC, new ArrayList<>(study.trials()));
      assertThat(rebuilt.startTrial().trial()).isEqualTo(study.startTrial().trial());
    }
  }

  @Test
  void theSameReportOnceMoreChangesNothing() {
    StudyResult first = Study.open(SPEC).startTrial();
    Study study = first.study().report(report(first.trial(), 1, 1000, 0.5)).study();
    StudyResult again = study.report(report(first.trial(), 1, 1000, 0.5));
    assertThat(again.study()).isEqualTo(study);
    assertThat(again.stop()).isFalse();
  }

  @Test
  void aReportThatIsLateOrLessTakesNothingBack() {
    StudyResult first = Study.open(SPEC).startTrial();
    Trial trial = first.trial();
    Study study = first.study().report(report(trial, 2, 1000, 0.5)).study();
    StudyResult late = study.report(report(trial, 1, 990, 0.5));
    assertThat(late.stop()).isFalse();
    assertThat(late.study()).isEqualTo(study);
    StudyResult less = late.study().report(report(trial, 3, 999, 0.5));
    assertThat(less.trial().epochs()).isEqualTo(3);
    assertThat(less.trial().usage()).isEqualTo(TrialUsage.of(new Joules(1000), 20));
    assertThat(less.study().report(report(trial, 2, 995, 0.95)).converged()).isTrue();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    StudyResult first = Study.open(SPEC).startTrial();
    Trial trial = first.trial();
    Study study = first.study().report(report(trial, 2, 1000, 0.5)).study();
    assertRefused(StudyFailure.UNKNOWN_TRIAL, () -> study.fail(2));
    assertRefused(StudyFailure.STALE, () -> study.decline(1));
    assertRefused(StudyFailure.WRONG_BATCH_SIZE, () -> study.costUpperBound(48));
    TrialReport other =
        new TrialReport(1, 64, 3, TrialUsage.NONE, Optional.of(0.5), Optional.empty());
    assertRefused(StudyFailure.WRONG_BATCH_SIZE, () -> study.report(other));
    Study ended = study.fail(1);
    assertThat(ended.trial(1).orElseThrow().status()).isEqualTo(Status.FAILED);
    assertRefused(StudyFailure.ENDED, () -> ended.report(report(trial, 3, 2000, 0.95)));
    assertThat(ended.fail(1)).isEqualTo(ended);
  }

  private static void assertRefused(StudyFailure kind, ThrowingCallable call) {
    assertThatExceptionOfType(StudyException.class)
        .isThrownBy(call)
        .satisfies(refused -> assertThat(refused.kind()).isEqualTo(kind));
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new TrialUsage(Joules.ZERO, -1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrialUsage(Joules.ZERO, 0, Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrialUsage.of(new Joules(-5), 1))
        .withMessageContaining("-5");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new TrialReport(1, 32, 1, TrialUsage.NONE, Optional.of(Double.NaN), Optional.empty()))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TrialReport(1, 32, 0, TrialUsage.NONE, Optional.empty(), Optional.empty()));
  }
}
