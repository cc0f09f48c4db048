package chase.zeus.batchsize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.batchsize.StudyRefused.Kind;
import chase.zeus.batchsize.Trial.Status;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StudyTest {
  private static final StudySpec SPEC = spec(Method.CHASE);

  private static StudySpec spec(Method method) {
    return new StudySpec(
        List.of(16, 32, 64),
        32,
        new Target(0.9, true),
        10,
        new EnergyTimeCost(0.5, new Watts(100)),
        OptionalDouble.of(2),
        List.of(),
        0,
        method,
        7);
  }

  private static Report report(Trial trial, int epoch, double joules, double metric) {
    return new Report(
        trial.number(),
        trial.batchSize(),
        epoch,
        Spending.of(new Joules(joules), joules / 50),
        OptionalDouble.of(metric),
        Optional.empty());
  }

  @Test
  void theOwnersBatchSizeIsTriedFirst() {
    for (Method method : Method.values()) {
      Trial first = Study.open(spec(method)).dispatch().trial();
      assertThat(first.batchSize()).isEqualTo(32);
      assertThat(first.number()).isEqualTo(1);
      assertThat(first.limits()).isEqualTo(new LimitPlan.Free());
    }
  }

  @Test
  void aRunGoesOnUntilItsTargetIsReached() {
    Dispatch first = Study.open(SPEC).dispatch();
    Answer goesOn = first.study().report(report(first.trial(), 1, 1000, 0.5));
    assertThat(goesOn.stop()).isFalse();
    Answer done = goesOn.study().report(report(first.trial(), 2, 2000, 0.9));
    assertThat(done.stop()).isTrue();
    assertThat(done.converged()).isTrue();
    assertThat(done.study().trial(1).orElseThrow().status()).isEqualTo(Status.REACHED);
    assertThat(done.study().cost(done.trial())).isEqualTo(0.5 * 2000 + 0.5 * 100 * 40);
  }

  @Test
  void aMetricThatFallsReachesItsTargetFromAbove() {
    assertThat(new Target(40, false).reachedBy(39.9)).isTrue();
    assertThat(new Target(40, false).reachedBy(40.1)).isFalse();
  }

  @Test
  void aRunThatWouldCostMoreThanBetaTimesTheCheapestIsStopped() {
    Dispatch first = Study.open(SPEC).dispatch();
    Study known = first.study().report(report(first.trial(), 1, 1000, 0.95)).study();
    Dispatch second = known.dispatch();
    Answer stopped = second.study().report(report(second.trial(), 1, 1001, 0.1));
    assertThat(stopped.trial().status()).isEqualTo(Status.STOPPED);
    assertThat(stopped.converged()).isFalse();
  }

  @Test
  void zeusStopsARunOnceItHasCostMoreThanBetaTimesTheCheapestWhateverItReached() {
    Dispatch first = Study.open(spec(Method.ZEUS)).dispatch();
    Study known = first.study().report(report(first.trial(), 1, 1000, 0.95)).study();
    Dispatch second = known.dispatch();
    Answer within = second.study().report(report(second.trial(), 1, 2000, 0.1));
    assertThat(within.stop()).isFalse();
    Answer above = within.study().report(report(second.trial(), 2, 2001, 0.95));
    assertThat(above.trial().status()).isEqualTo(Status.STOPPED);
    assertThat(above.converged()).isFalse();
    assertThat(above.study().dispatch().trial().batchSize()).isEqualTo(64);
  }

  @Test
  void zeusCountsNoTriesBeforeTheCheapestRun() {
    Dispatch first = Study.open(spec(Method.ZEUS)).dispatch();
    Study known = first.study().report(report(first.trial(), 1, 1000, 0.95)).study();
    Dispatch lost = known.dispatch();
    Dispatch third = lost.study().report(report(lost.trial(), 1, 2500, 0.1)).study().dispatch();
    Study cheap = third.study().report(report(third.trial(), 1, 400, 0.95)).study();
    assertThat(cheap.allowance(16)).isEqualTo(2 * (0.5 * 400 + 0.5 * 100 * 8));
  }

  @Test
  void zeusExploresAgainWhatEndedByItself() {
    Dispatch first = Study.open(spec(Method.ZEUS)).dispatch();
    Trial again = first.study().fail(1).dispatch().trial();
    assertThat(again.batchSize()).isEqualTo(32);
    assertThat(again.kind()).isEqualTo(Trial.Kind.EXPLORATION);
  }

  @Test
  void aRunOfWhichNothingWasMeasuredTeachesNothing() {
    for (Method method : Method.values()) {
      Dispatch first = Study.open(spec(method)).dispatch();
      Answer done = first.study().report(report(first.trial(), 1, 0, 0.95));
      assertThat(done.converged()).isTrue();
      assertThat(done.study().allowance(32)).as(method.toString()).isInfinite();
      Dispatch second = done.study().dispatch();
      assertThat(second.trial().batchSize()).isEqualTo(32);
      assertThat(second.study().report(report(second.trial(), 1, 1000, 0.1)).stop()).isFalse();
      assertThat(done.study().explain().arms()).hasSize(3);
    }
  }

  @Test
  void oldTrialsMayBeMissing() {
    Study study = Study.open(SPEC);
    for (int i = 0; i < 6; i++) {
      Dispatch next = study.dispatch();
      study = next.study().report(report(next.trial(), 1, 1000 + i, 0.95)).study();
    }
    List<Trial> latest = new ArrayList<>(study.trials());
    latest.remove(1);
    latest.remove(2);
    Study rest = Study.rebuild(SPEC, latest);
    assertThat(rest.trial(2)).isEmpty();
    assertThat(rest.trial(5)).isEqualTo(study.trial(5));
    Dispatch next = rest.dispatch();
    assertThat(next.trial().number()).isEqualTo(7);
    Answer done = next.study().report(report(next.trial(), 1, 900, 0.95));
    assertThat(done.study().trial(7).orElseThrow().reached()).isTrue();
    assertThat(done.study().trial(6)).isEqualTo(study.trial(6));
  }

  @Test
  void aFailedRunDoesNotLowerWhatOthersMayCost() {
    Dispatch first = Study.open(SPEC).dispatch();
    Study study = first.study().report(report(first.trial(), 1, 1000, 0.95)).study();
    double before = study.allowance(64);
    Dispatch second = study.dispatch();
    Study failed = second.study().report(report(second.trial(), 1, 10, 0.1)).study().fail(2);
    assertThat(failed.allowance(64)).isEqualTo(before);
  }

  @Test
  void aRunEndsAfterItsLastEpoch() {
    Dispatch first = Study.open(SPEC).dispatch();
    Answer last = first.study().report(report(first.trial(), 10, 1000, 0.1));
    assertThat(last.trial().status()).isEqualTo(Status.EXHAUSTED);
  }

  @Test
  void theTrialsAloneRebuildTheStudy() {
    Study study = Study.open(SPEC);
    for (int i = 0; i < 30; i++) {
      Dispatch dispatch = study.dispatch();
      Trial trial = dispatch.trial();
      double joules = 1000.0 * Math.abs(trial.batchSize() - 40) + 10 * i;
      study = dispatch.study().report(report(trial, 1, joules, 0.95)).study();
      Study rebuilt = Study.rebuild(SPEC, new ArrayList<>(study.trials()));
      assertThat(rebuilt.dispatch().trial()).isEqualTo(study.dispatch().trial());
    }
  }

  @Test
  void theSameReportOnceMoreChangesNothing() {
    Dispatch first = Study.open(SPEC).dispatch();
    Study study = first.study().report(report(first.trial(), 1, 1000, 0.5)).study();
    Answer again = study.report(report(first.trial(), 1, 1000, 0.5));
    assertThat(again.study()).isEqualTo(study);
    assertThat(again.stop()).isFalse();
  }

  @Test
  void aReportThatIsLateOrLessTakesNothingBack() {
    Dispatch first = Study.open(SPEC).dispatch();
    Trial trial = first.trial();
    Study study = first.study().report(report(trial, 2, 1000, 0.5)).study();
    Answer late = study.report(report(trial, 1, 990, 0.5));
    assertThat(late.stop()).isFalse();
    assertThat(late.study()).isEqualTo(study);
    Answer less = late.study().report(report(trial, 3, 999, 0.5));
    assertThat(less.trial().epochs()).isEqualTo(3);
    assertThat(less.trial().spending()).isEqualTo(Spending.of(new Joules(1000), 20));
    assertThat(less.study().report(report(trial, 2, 995, 0.95)).converged()).isTrue();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Dispatch first = Study.open(SPEC).dispatch();
    Trial trial = first.trial();
    Study study = first.study().report(report(trial, 2, 1000, 0.5)).study();
    assertRefused(Kind.UNKNOWN_TRIAL, () -> study.fail(2));
    assertRefused(Kind.STALE, () -> study.decline(1));
    assertRefused(Kind.WRONG_BATCH_SIZE, () -> study.allowance(48));
    Report other = new Report(1, 64, 3, Spending.NONE, OptionalDouble.of(0.5), Optional.empty());
    assertRefused(Kind.WRONG_BATCH_SIZE, () -> study.report(other));
    Study ended = study.fail(1);
    assertThat(ended.trial(1).orElseThrow().status()).isEqualTo(Status.FAILED);
    assertRefused(Kind.ENDED, () -> ended.report(report(trial, 3, 2000, 0.95)));
    assertThat(ended.fail(1)).isEqualTo(ended);
  }

  private static void assertRefused(Kind kind, ThrowingCallable call) {
    assertThatExceptionOfType(StudyRefused.class)
        .isThrownBy(call)
        .satisfies(refused -> assertThat(refused.kind()).isEqualTo(kind));
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Spending(Joules.ZERO, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Spending(Joules.ZERO, 0, Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spending.of(new Joules(-5), 1))
        .withMessageContaining("-5");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Report(1, 32, 1, Spending.NONE, OptionalDouble.of(Double.NaN), Optional.empty()))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Report(1, 32, 0, Spending.NONE, OptionalDouble.empty(), Optional.empty()));
  }
}
