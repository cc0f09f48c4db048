package chase.zeus.engine;

import static chase.zeus.engine.Given.PROFILE;
import static chase.zeus.engine.Given.RULES;
import static chase.zeus.engine.Given.START;
import static chase.zeus.engine.Given.at;
import static chase.zeus.engine.Given.limits;
import static chase.zeus.engine.Given.traits;
import static chase.zeus.engine.Given.watts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import chase.zeus.engine.Refusal.Cause;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobsTest {
  private static final GpuId A = new GpuId("GPU-a");
  private static final GpuId B = new GpuId("GPU-b");
  private static final GpuId OTHER_MODEL = new GpuId("GPU-c");
  private static final JobId JOB = new JobId("job");

  private final Engine engine = new Engine(RULES, PowerPolicy.max(), START);

  @BeforeEach
  void open() {
    open(traits(A, 0, Optional.empty()), 250);
    open(traits(B, 1, Optional.empty()), 250);
    GpuTraits like = traits(OTHER_MODEL, 2, Optional.empty());
    open(
        new GpuTraits(
            OTHER_MODEL,
            2,
            "Another card",
            like.pciBusId(),
            like.driverVersion(),
            like.powerRange(),
            like.defaultLimit(),
            like.unwritable(),
            true),
        250);
    happen(new Event.OutlookChanged(dayOf(400), START));
  }

  private void open(GpuTraits traits, double limit) {
    engine.on(new Event.GpuOpened(traits, Optional.of(limits(limit)), Optional.of(PROFILE), START));
  }

  private static EnergyOutlook dayOf(double weight) {
    Duration hour = Duration.ofHours(1);
    return new EnergyOutlook(
        Stream.iterate(START, from -> from.plus(hour))
            .limit(24)
            .map(from -> new EnergyOutlook.Slot(from, from.plus(hour), weight))
            .toList(),
        500,
        START.plus(Duration.ofDays(1)));
  }

  /** Lets something happen and carries out what the engine orders then. */
  private void happen(Event event) {
    for (Order order : engine.on(event)) {
      happen(new Event.LimitApplied(order.gpu(), limits(order.limit().value()), event.at()));
    }
  }

  private static JobSpec spec(OptionalDouble bound, GpuId... gpus) {
    return new JobSpec(
        "train",
        List.of(gpus),
        OptionalInt.of(256),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        bound);
  }

  private static JobSpec until(Instant deadline, long total, Optional<Watts> idle) {
    return new JobSpec(
        "train",
        List.of(A),
        OptionalInt.empty(),
        OptionalLong.of(total),
        Optional.of(deadline),
        idle,
        OptionalDouble.empty());
  }

  private void start(JobSpec spec) {
    happen(new Event.JobStarted(JOB, spec, START));
  }

  private void report(long steps, long seconds) {
    happen(new Event.StepsDone(JOB, steps, at(seconds)));
  }

  /** Ten steps a second, reported every ten seconds. */
  private void runFor(long seconds) {
    run(0, seconds, 10);
  }

  private void run(long from, long to, double stepsPerSecond) {
    long before = job().steps().orElse(0);
    for (long second = from; second <= to; second += 10) {
      report(before + Math.round((second - from) * stepsPerSecond), second);
    }
  }

  private JobView job() {
    return engine.snapshot().job(JOB).orElseThrow();
  }

  private Watts limit(GpuId gpu) {
    return engine.snapshot().gpu(gpu).orElseThrow().limits().orElseThrow().requested();
  }

  private Reason reason(GpuId gpu) {
    return engine.snapshot().gpu(gpu).orElseThrow().reason();
  }

  private Refusal refusal(Event.Command command) {
    return engine.refusal(command).orElseThrow();
  }

  @Test
  void aJobRunsAtFullPowerUntilItsSpeedThereIsKnown() {
    happen(new Event.PolicyChosen(PowerPolicy.fixed(watts(150)), START));
    start(spec(OptionalDouble.of(0.05), A));
    runFor(30);
    assertThat(limit(A)).isEqualTo(watts(250));
    assertThat(reason(A)).isEqualTo(new Reason.Measuring(JOB));
    assertThat(job().fullSpeed()).isEmpty();
    assertThat(job().slack()).isEmpty();

    run(30, 60, 10);
    assertThat(job().fullSpeed().orElseThrow()).isEqualTo(10);
    assertThat(reason(A)).isNotInstanceOf(Reason.Measuring.class);
  }

  @Test
  void reportedStepsBecomeProgressInSecondsAtFullPower() {
    start(spec(OptionalDouble.of(0.05), A));
    runFor(100);
    assertThat(job().progress().orElseThrow().done()).isEqualTo(100);
    assertThat(job().slowdown().orElseThrow()).isZero();
    assertThat(job().slack().orElseThrow().seconds()).isEqualTo(5);
    assertThat(job().slack().orElseThrow().share().orElseThrow()).isEqualTo(1);
    report(1_050, 110);
    assertThat(job().slowdown().orElseThrow()).isCloseTo(110.0 / 105 - 1, offset(1e-3));
  }

  @Test
  void aJobThatEarnedSlackRunsSlowerAndOneThatSpentItAtFullPower() {
    start(spec(OptionalDouble.of(0.1), A));
    runFor(20_000);
    assertThat(limit(A)).isLessThan(watts(250));

    run(20_000, 25_000, 5);
    assertThat(limit(A)).isEqualTo(watts(250));
  }

  @Test
  void aJobThatGetsSlowerByItselfKeepsWhatItOwes() {
    start(spec(OptionalDouble.of(0.1), A));
    runFor(20_000);
    run(20_000, 26_000, 4);
    assertThat(limit(A)).isEqualTo(watts(250));
    assertThat(job().fullSpeed().orElseThrow()).isCloseTo(4, offset(0.1));
    assertThat(job().slack().orElseThrow().seconds()).isNegative();
  }

  @Test
  void aJobThatGetsFasterThanItsFullPowerIsMeasuredAnew() {
    start(spec(OptionalDouble.of(0.1), A));
    runFor(20_000);
    double earned = job().progress().orElseThrow().done();
    run(20_000, 20_100, 20);
    assertThat(limit(A)).isEqualTo(watts(250));
    assertThat(reason(A)).isEqualTo(new Reason.Measuring(JOB));

    run(20_100, 20_300, 20);
    assertThat(job().fullSpeed().orElseThrow()).isEqualTo(20);
    assertThat(job().progress().orElseThrow().done()).isBetween(earned + 200, earned + 450);
  }

  @Test
  void theSameCountSaysOnlyThatTheJobIsAlive() {
    start(spec(OptionalDouble.of(0.05), A));
    runFor(100);
    report(1_000, 400);
    assertThat(job().heardAt()).isEqualTo(at(400));
    assertThat(job().progress().orElseThrow().asOf()).isEqualTo(at(100));
  }

  @Test
  void aCountThatGoesBackwardsIsRefusedAndChangesNothing() {
    start(spec(OptionalDouble.of(0.05), A));
    report(100, 10);
    Event.StepsDone back = new Event.StepsDone(JOB, 99, at(20));
    assertThat(refusal(back).cause()).isEqualTo(Cause.CONFLICT);
    assertThat(refusal(back).message())
        .isEqualTo("job job did 100 steps already, so 99 is no count of all of them");
    assertThatThrownBy(() -> engine.on(back)).isInstanceOf(IllegalArgumentException.class);
    assertThat(job().steps()).hasValue(100);
  }

  @Test
  void aCountBelowZeroIsRefused() {
    start(spec(OptionalDouble.of(0.05), A));
    assertThat(refusal(new Event.StepsDone(JOB, -1, at(1))).cause()).isEqualTo(Cause.OUT_OF_RANGE);
  }

  @Test
  void stepsFromNowhereEarnNoSlack() {
    start(spec(OptionalDouble.of(0.05), A));
    runFor(100);
    report(1_000_000_000, 110);
    assertThat(job().progress().orElseThrow().done()).isEqualTo(110);
    assertThat(job().fullSpeed().orElseThrow()).isEqualTo(10);
  }

  @Test
  void aCheckpointIsNotHeldAgainstTheJob() {
    start(spec(OptionalDouble.of(0.05), A));
    runFor(100);
    report(1_100, 310);
    assertThat(job().slowdown().orElseThrow()).isZero();
    assertThat(job().fullSpeed().orElseThrow()).isEqualTo(10);
  }

  @Test
  void aJobThatSaysNothingEndsByItself() {
    start(spec(OptionalDouble.of(0.05), A));
    report(1, 100);
    happen(new Event.TimePassed(at(699)));
    assertThat(engine.snapshot().jobs()).hasSize(1);
    happen(new Event.TimePassed(at(700)));
    assertThat(engine.snapshot().jobs()).isEmpty();
    assertThat(refusal(new Event.StepsDone(JOB, 2, at(701))).cause()).isEqualTo(Cause.UNKNOWN_JOB);
  }

  @Test
  void anEndedJobLeavesItsGpusToTheHostsPolicy() {
    happen(new Event.PolicyChosen(PowerPolicy.fixed(watts(150)), START));
    start(spec(OptionalDouble.of(0.05), A));
    assertThat(limit(A)).isEqualTo(watts(250));
    happen(new Event.JobEnded(JOB, at(100)));
    assertThat(limit(A)).isEqualTo(watts(150));
  }

  @Test
  void allGpusOfAJobGetOneLimitWhichAllOfThemMayHave() {
    happen(
        new Event.ReadingTaken(B, Given.reading(200, Optional.empty(), Optional.empty()), START));
    happen(new Event.TimePassed(at(700)));
    happen(new Event.JobStarted(JOB, spec(OptionalDouble.empty(), A, B), at(700)));
    assertThat(List.of(limit(A), limit(B))).containsOnly(watts(200));

    happen(new Event.PolicyChosen(PowerPolicy.fixed(watts(10)), at(800)));
    assertThat(List.of(limit(A), limit(B))).containsOnly(watts(150));
  }

  @Test
  void whereTheGpusOfAJobHaveDifferentPoliciesTheHighestLimitCounts() {
    happen(chosen(150, new Scope.OneGpu(A)));
    happen(chosen(200, new Scope.OneGpu(B)));
    start(spec(OptionalDouble.empty(), A, B));
    assertThat(List.of(limit(A), limit(B))).containsOnly(watts(200));
  }

  private static Event.PolicyChosen chosen(double watts, Scope scope) {
    return new Event.PolicyChosen(PowerPolicy.fixed(watts(watts)), scope, START);
  }

  @Test
  void theNarrowestPolicyWins() {
    start(spec(OptionalDouble.empty(), A));
    happen(chosen(240, new Scope.WholeHost()));
    assertThat(List.of(limit(A), limit(B))).containsOnly(watts(240));
    happen(chosen(220, new Scope.OneGpu(A)));
    assertThat(List.of(limit(A), limit(B))).containsExactly(watts(220), watts(240));
    happen(chosen(180, new Scope.OneJob(JOB)));
    assertThat(limit(A)).isEqualTo(watts(180));
    assertThat(engine.snapshot().policyOn(A)).isEqualTo(PowerPolicy.fixed(watts(180)));

    happen(new Event.PolicyCleared(new Scope.OneJob(JOB), START));
    assertThat(limit(A)).isEqualTo(watts(220));
    happen(new Event.PolicyCleared(new Scope.OneGpu(A), START));
    assertThat(limit(A)).isEqualTo(watts(240));
  }

  @Test
  void theHostsPolicyCannotBeCleared() {
    assertThat(refusal(new Event.PolicyCleared(new Scope.WholeHost(), START)).message())
        .isEqualTo("the host always has a policy; choose another instead");
  }

  @Test
  void aPolicyForWhatIsNotThereIsRefused() {
    assertThat(refusal(chosen(200, new Scope.OneGpu(new GpuId("GPU-x")))).cause())
        .isEqualTo(Cause.UNKNOWN_GPU);
    assertThat(refusal(chosen(200, new Scope.OneJob(JOB))).message())
        .isEqualTo("no job job runs here; there are none");
  }

  @Test
  void aGpuIsInOneJobOnly() {
    start(spec(OptionalDouble.empty(), A));
    Refusal refusal =
        refusal(
            new Event.JobStarted(new JobId("other"), spec(OptionalDouble.empty(), B, A), START));
    assertThat(refusal.cause()).isEqualTo(Cause.CONFLICT);
    assertThat(refusal.message()).isEqualTo("GPU 0 (GPU-a) is in job job already; end that first");
  }

  @Test
  void mixedModelsInOneJobAreRefused() {
    Refusal refusal =
        refusal(new Event.JobStarted(JOB, spec(OptionalDouble.empty(), A, OTHER_MODEL), START));
    assertThat(refusal.cause()).isEqualTo(Cause.OUT_OF_RANGE);
    assertThat(refusal.message()).contains("GPU-a) is Test card", "GPU-c) is Another card");
  }

  @Test
  void aJobOnAGpuThatIsNotHereOrLostIsRefused() {
    assertThat(
            refusal(
                    new Event.JobStarted(
                        JOB, spec(OptionalDouble.empty(), new GpuId("GPU-x")), START))
                .cause())
        .isEqualTo(Cause.UNKNOWN_GPU);
    happen(new Event.GpuLost(A, "Xid 79", START));
    assertThat(refusal(new Event.JobStarted(JOB, spec(OptionalDouble.empty(), A), START)).message())
        .isEqualTo("GPU 0 (GPU-a) is lost");
  }

  @Test
  void aDeadlineThatIsOverIsRefused() {
    Refusal refusal =
        refusal(new Event.JobStarted(JOB, until(START, 100, Optional.empty()), START));
    assertThat(refusal.cause()).isEqualTo(Cause.OUT_OF_RANGE);
    assertThat(refusal.message()).startsWith("the deadline is over: 2026-11-23T10:00:00Z");
  }

  @Test
  void aDeadlineThatCannotBeMetIsAcceptedAndRunAtFullPower() {
    start(until(at(3_600), 1_000_000, Optional.empty()));
    runFor(100);
    assertThat(limit(A)).isEqualTo(watts(250));
    assertThat(job().slack().orElseThrow().seconds()).isCloseTo(3_500 - 99_900, offset(1e-6));
  }

  @Test
  void aDeadlineFarOffIsUsedToSavePower() {
    start(until(at(40_000), 200_000, Optional.empty()));
    runFor(100);
    assertThat(limit(A)).isLessThan(watts(250));
  }

  /** Twice the time that it needs, of which the first half is very dirty. */
  private void startDeferrable() {
    Instant noon = at(20_000);
    Instant end = START.plus(Duration.ofDays(1));
    happen(
        new Event.OutlookChanged(
            new EnergyOutlook(
                List.of(
                    new EnergyOutlook.Slot(START, noon, 900),
                    new EnergyOutlook.Slot(noon, end, 10)),
                500,
                end),
            START));
    start(until(at(40_000), 150_000, Optional.of(Watts.ZERO)));
    runFor(100);
  }

  @Test
  void aDeferrableJobIsToldToPauseWhileTheGridIsDirty() {
    startDeferrable();
    assertThat(job().paused()).isTrue();
    assertThat(job().advice().flatMap(Advice::until)).isPresent();

    happen(new Event.TimePassed(at(19_000)));
    assertThat(engine.snapshot().jobs()).as("a pausing job may be silent").hasSize(1);
    happen(new Event.TimePassed(at(22_000)));
    assertThat(job().paused()).isFalse();
    assertThat(job().ignoresPauses()).isFalse();
  }

  @Test
  void whoGoesOnThoughToldToPauseIsPlannedAsRunning() {
    startDeferrable();
    for (long second = 110; second <= 300; second += 10) {
      report(10 * second, second);
    }
    assertThat(job().ignoresPauses()).isTrue();
    assertThat(job().paused()).isFalse();
  }

  @Test
  void aJobThatRestedIsSilentFromTheEndOfThePauseOn() {
    startDeferrable();
    happen(new Event.TimePassed(at(30_000)));
    happen(new Event.TimePassed(at(30_599)));
    assertThat(engine.snapshot().jobs()).hasSize(1);
    happen(new Event.TimePassed(at(30_600)));
    assertThat(engine.snapshot().jobs()).isEmpty();
  }

  @Test
  void whoOnlyObservesTellsNoJobToPause() {
    Engine observer =
        new Engine(
            new Rules(
                Mode.OBSERVE, 0.6, Duration.ZERO, Duration.ofMinutes(10), Duration.ofSeconds(5)),
            PowerPolicy.max(),
            START);
    observer.on(
        new Event.GpuOpened(
            traits(A, 0, Optional.empty()), Optional.of(limits(250)), Optional.of(PROFILE), START));
    Instant end = START.plus(Duration.ofDays(1));
    observer.on(
        new Event.OutlookChanged(
            new EnergyOutlook(
                List.of(
                    new EnergyOutlook.Slot(START, at(20_000), 900),
                    new EnergyOutlook.Slot(at(20_000), end, 10)),
                500,
                end),
            START));
    observer.on(
        new Event.JobStarted(JOB, until(at(40_000), 150_000, Optional.of(Watts.ZERO)), START));
    for (long second = 0; second <= 100; second += 10) {
      observer.on(new Event.StepsDone(JOB, 10 * second, at(second)));
    }
    JobView seen = observer.snapshot().job(JOB).orElseThrow();
    assertThat(seen.advice().orElseThrow().pause()).isTrue();
    assertThat(seen.paused()).isFalse();
  }

  @Test
  void whatWouldComeNextCanBeForeseen() {
    startDeferrable();
    Foresight ahead = job().ahead().orElseThrow();
    assertThat(ahead.at()).isAfter(at(100));
    assertThat(ahead.next(watts(250))).isNotNull();
  }

  @Test
  void aForeignWriteToOneOfTheGpusBeginsTheCountAnew() {
    start(spec(OptionalDouble.of(0.05), A));
    runFor(100);
    happen(Given.seen(A, 240, at(110)));
    assertThat(job().fullSpeed()).isEmpty();
    assertThat(job().steps()).hasValue(1_000);
  }
}
