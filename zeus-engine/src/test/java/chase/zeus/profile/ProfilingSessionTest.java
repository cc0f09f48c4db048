package chase.zeus.profile;

import static chase.zeus.fixtures.MeasuredProfiles.limits;
import static chase.zeus.fixtures.MeasuredProfiles.point;
import static chase.zeus.fixtures.MeasuredProfiles.watts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.fixtures.NoisyJob;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.profile.MeasuredProfile.MeasuredPoint;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.profile.ProfilingEvent.Abort;
import chase.zeus.profile.ProfilingEvent.AbortReason;
import chase.zeus.profile.ProfilingEvent.EpochEnd;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.profile.ProfilingEvent.Tick;
import chase.zeus.profile.ProfilingState.Aborted;
import chase.zeus.profile.ProfilingState.Done;
import chase.zeus.profile.ProfilingState.Measuring;
import chase.zeus.profile.ProfilingState.Settling;
import chase.zeus.profile.ProfilingState.Silent;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProfilingSessionTest {
  private static final PowerProfile TRUTH = GpuPreset.V100.profile();
  private static final ProfilingPlan PLAN =
      new ProfilingPlan(watts(250, 225, 200, 175, 150, 125, 100), MeasurementRules.DEFAULT);
  private static final Watts TOP = new Watts(250);

  private final NoisyJob job = new NoisyJob(TRUTH, 11);

  private ProfilingSession started() {
    return ProfilingSession.start(PLAN, MeasuredProfile.EMPTY, job.now());
  }

  private ProfilingSession stepping(ProfilingSession begun, int steps) {
    ProfilingSession run = begun;
    for (int step = 0; step < steps; step++) {
      run = job.stepUnder(run);
    }
    return run;
  }

  private static List<Watts> order(ProfilingSession begun, NoisyJob job) {
    List<Watts> order = new ArrayList<>();
    ProfilingSession run = begun;
    while (run.requestedLimit().isPresent()) {
      Watts wanted = run.requestedLimit().get();
      if (order.isEmpty() || !order.getLast().equals(wanted)) {
        order.add(wanted);
      }
      run = job.stepUnder(run);
    }
    return order;
  }

  private static Optional<PowerProfile> profile(ProfilingSession run) {
    return run.measured().toPowerProfile(PLAN.limits());
  }

  @Test
  void itStartsAtTheTopGoesDownInStridesAndThenFillsTheWidestGap() {
    List<Watts> order = order(started(), job);
    assertThat(order.subList(0, 4)).isEqualTo(watts(250, 200, 150, 100));
    assertThat(order).doesNotHaveDuplicates().contains(new Watts(175));
  }

  @Test
  void itSettlesMeasuresAndEnds() {
    ProfilingSession run = started();
    assertThat(run.state()).isEqualTo(new Settling(TOP));
    assertThat(profile(run)).isEmpty();
    run = stepping(run, 10);
    assertThat(run.state()).isEqualTo(new Measuring(TOP));
    run = job.finish(run);
    assertThat(run.state()).isEqualTo(new Done());
    assertThat(limits(profile(run).orElseThrow()))
        .containsExactlyInAnyOrderElementsOf(PLAN.limits());
  }

  @Test
  void itGoesNoFurtherDownOnceTheCurveHasTurned() {
    PowerProfile turning =
        new PowerProfile(
            List.of(
                new Point(new Watts(100), new Watts(98), 0.2),
                new Point(new Watts(200), new Watts(190), 0.5),
                new Point(new Watts(300), new Watts(280), 1.6),
                new Point(new Watts(400), new Watts(370), 1.9)));
    NoisyJob steep = new NoisyJob(turning, 3);
    ProfilingPlan plan =
        new ProfilingPlan(watts(400, 350, 300, 250, 200, 150, 100), MeasurementRules.DEFAULT);
    List<Watts> order =
        order(ProfilingSession.start(plan, MeasuredProfile.EMPTY, steep.now()), steep);
    assertThat(order).contains(new Watts(200)).doesNotContain(new Watts(100), new Watts(150));
  }

  @Test
  void aJobThatNoLimitTouchesIsSoonDone() {
    PowerProfile idle =
        new PowerProfile(
            List.of(
                new Point(new Watts(100), new Watts(90), 1.4),
                new Point(new Watts(250), new Watts(90), 1.4)));
    NoisyJob light = new NoisyJob(idle, 5);
    ProfilingSession run =
        light.finish(ProfilingSession.start(PLAN, MeasuredProfile.EMPTY, light.now()));
    assertThat(run.limitsMeasured()).isLessThanOrEqualTo(4);
    PowerProfile found = profile(run).orElseThrow();
    assertThat(PowerHull.of(found).points()).hasSize(1);
    assertThat(PowerHull.of(found).fastest().limit()).isEqualTo(TOP);
  }

  @Test
  void aRangeOfOneLimitTakesOneWindow() {
    ProfilingPlan one = new ProfilingPlan(watts(250), MeasurementRules.DEFAULT);
    ProfilingSession run =
        job.finish(ProfilingSession.start(one, MeasuredProfile.EMPTY, job.now()));
    assertThat(limits(run.measured())).containsExactly(TOP);
  }

  @Test
  void whatIsKnownIsNotMeasuredAgain() {
    MeasuredProfile known = job.finish(started()).measured();
    ProfilingSession again = ProfilingSession.start(PLAN, known, job.now());
    assertThat(again.state()).isEqualTo(new Done());
    assertThat(again.measured()).isEqualTo(known);
    assertThat(again.cost()).isEqualTo(ProfilingCost.NONE);
  }

  @Test
  void whatHasAgedIsMeasuredAgain() {
    MeasuredProfile aged = job.finish(started()).measured().shifted(point(150, 144.6, 1.2));
    ProfilingSession run = job.finish(ProfilingSession.start(PLAN, aged, job.now()));
    assertThat(limits(run.measured())).isEqualTo(limits(aged));
    assertThat(run.limitsMeasured()).isGreaterThanOrEqualTo(3);
    double full = profile(run).orElseThrow().at(TOP).orElseThrow().throughput();
    assertThat(full).isCloseTo(TRUTH.at(TOP).orElseThrow().throughput(), within(0.03));
  }

  @Test
  void anEpochBoundaryCostsAWarmUpAndNotTheWindow() {
    ProfilingSession run = stepping(started(), 25);
    ProfilingCost before = run.cost();
    run = run.after(new EpochEnd(job.now()));
    assertThat(run.state()).isEqualTo(new Settling(TOP));
    int steps = 0;
    while (run.limitsMeasured() == 0) {
      run = job.stepUnder(run);
      steps++;
    }
    assertThat(steps).as("of about 40 for a window from scratch").isLessThan(28);
    assertThat(before.steps()).isEqualTo(25);
  }

  @Test
  void anEpochEndThatIsNotReportedIsDetectedAndLeftOut() {
    ProfilingSession run = started();
    for (int step = 1; run.requestedLimit().isPresent(); step++) {
      job.limitTo(run.requestedLimit().get());
      Sampled sample = job.step();
      run = run.after(step % 17 == 0 ? longer(sample) : sample);
    }
    for (MeasuredPoint found : run.measured().points()) {
      Point truth = TRUTH.at(found.limit()).orElseThrow();
      assertThat(found.throughput().mean() / truth.throughput()).isCloseTo(1, within(0.06));
    }
    assertThat(run.state()).isEqualTo(new Done());
  }

  /** The same work with 20 s of idling at 60 W in between. */
  private static Sampled longer(Sampled sample) {
    return new Sampled(
        sample.at(),
        sample.over().plusSeconds(20),
        sample.steps(),
        sample.energy().plus(new Joules(20 * 60)),
        sample.limit());
  }

  @Test
  void aSilentJobReleasesTheLimitAndIsTakenUpAgain() {
    ProfilingSession run = stepping(started(), 20);
    job.rests(Duration.ofSeconds(100));
    run = run.after(new Tick(job.now()));
    assertThat(run.requestedLimit()).contains(TOP);
    job.rests(Duration.ofSeconds(100));
    run = run.after(new Tick(job.now()));
    assertThat(run.requestedLimit()).isEmpty();
    assertThat(run.state()).isEqualTo(new Silent(TOP));
    ProfilingCost asleep = run.cost();
    job.rests(Duration.ofHours(5));
    run = run.after(new Tick(job.now()));
    assertThat(run.cost()).isEqualTo(asleep);
    run = job.stepUnder(run);
    assertThat(run.requestedLimit()).contains(TOP);
    assertThat(job.finish(run).state()).isEqualTo(new Done());
  }

  @Test
  void samplesWithoutStepsAreSilenceToo() {
    ProfilingSession run = stepping(started(), 20);
    for (int second = 1; second <= 130; second++) {
      run = run.after(idle(job.now().plusSeconds(second)));
    }
    assertThat(run.state()).isEqualTo(new Silent(TOP));
  }

  private static Sampled idle(Instant at) {
    return new Sampled(at, Duration.ofSeconds(1), 0, new Joules(40), TOP);
  }

  @Test
  void slowStepsBetweenFrequentSamplesAreNoPause() {
    ProfilingSession run = started();
    Random random = new Random(4);
    Instant at = job.now();
    for (int second = 1; run.limitsMeasured() == 0 && second < 5_000; second++) {
      double joules = 200 * (1 + 0.02 * random.nextGaussian());
      at = at.plusSeconds(1);
      run =
          run.after(
              new Sampled(
                  at, Duration.ofSeconds(1), second % 9 == 0 ? 1 : 0, new Joules(joules), TOP));
    }
    MeasuredPoint top = run.measured().at(TOP).orElseThrow();
    assertThat(top.throughput().mean()).isCloseTo(1 / 9.0, within(0.001));
    assertThat(top.power().mean()).isCloseTo(200, within(2.0));
  }

  @ParameterizedTest
  @EnumSource(AbortReason.class)
  void anAbortEndsItAndKeepsWhatWasMeasured(AbortReason reason) {
    ProfilingSession run = started();
    while (run.limitsMeasured() < 2) {
      run = job.stepUnder(run);
    }
    ProfilingSession aborted = run.after(new Abort(job.now(), reason));
    assertThat(aborted.state()).isEqualTo(new Aborted(reason));
    assertThat(aborted.requestedLimit()).isEmpty();
    assertThat(aborted.measured()).isEqualTo(run.measured());
    assertThat(aborted.after(job.step())).isSameAs(aborted);
    assertThat(aborted.cost()).isEqualTo(run.cost());
  }

  @Test
  void aLimitThatNeverComesIntoForceEndsTheRun() {
    ProfilingSession run = started();
    while (run.limitsMeasured() < 1) {
      run = job.stepUnder(run);
    }
    for (int step = 0; step < 3_000 && run.requestedLimit().isPresent(); step++) {
      run = run.after(job.step()); // still under the limit before
    }
    assertThat(run.state()).isEqualTo(new Aborted(AbortReason.UNSETTLED));
    assertThat(limits(run.measured())).containsExactly(TOP);
  }

  @Test
  void samplesUnderAnotherLimitAreNotCounted() {
    ProfilingSession run = started();
    for (int step = 0; step < 300; step++) {
      job.limitTo(step % 2 == 0 ? TOP : new Watts(100));
      run = run.after(job.step());
    }
    assertThat(run.limitsMeasured()).isZero();
    assertThat(run.state()).isEqualTo(new Settling(TOP));
  }

  @Test
  void anEventFromThePastChangesNothing() {
    ProfilingSession run = stepping(started(), 20);
    assertThat(run.after(idle(NoisyJob.START))).isSameAs(run);
  }

  @Test
  void aJumpInTheStepsIsLeftOut() {
    ProfilingSession run = stepping(started(), 20);
    job.rests(Duration.ofSeconds(1));
    run = run.after(new Sampled(job.now(), Duration.ofSeconds(1), 1e6, new Joules(220), TOP));
    run = job.finish(run);
    double full = run.measured().at(TOP).orElseThrow().throughput().mean();
    assertThat(full).isCloseTo(TRUTH.at(TOP).orElseThrow().throughput(), within(0.05));
  }

  @Test
  void whatItTookIsComparedWithTheBestLimit() {
    ProfilingSession run = job.finish(started());
    Point full = TRUTH.at(TOP).orElseThrow();
    ProfilingCost cost = run.cost();
    assertThat(cost.extraSeconds(full)).isPositive().isLessThan(cost.time().toNanos() / 1e9);
    assertThat(cost.extraJoules(full)).as("full power is no saver").isNegative();
    assertThat(cost.extraJoules(TRUTH.at(new Watts(150)).orElseThrow())).isPositive();
  }

  @Test
  void itNeverWantsAnotherLimitThanThePlans() {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      NoisyJob shaken = new NoisyJob(TRUTH, seed);
      ProfilingSession run = ProfilingSession.start(PLAN, MeasuredProfile.EMPTY, shaken.now());
      for (int event = 0; event < 1_500; event++) {
        run = shaken(run, shaken, random);
        assertThat(run.requestedLimit().stream())
            .as("seed %d", seed)
            .allMatch(PLAN.limits()::contains);
        assertThat(run.measured().points()).as("seed %d", seed).hasSizeLessThanOrEqualTo(7);
      }
    }
  }

  private static ProfilingSession shaken(ProfilingSession run, NoisyJob job, Random random) {
    switch (random.nextInt(40)) {
      case 0 -> job.rests(Duration.ofSeconds(random.nextInt(300)));
      case 1 -> {
        return run.after(new EpochEnd(job.now()));
      }
      case 2 -> {
        return run.after(new Tick(job.now()));
      }
      case 3 -> {
        job.limitTo(TRUTH.points().get(random.nextInt(7)).limit());
        return run.after(job.step());
      }
      default -> {}
    }
    return job.stepUnder(run);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-1, 1", "1, -1", "1, NaN", "1, Infinity"})
  void impossibleSamplesAreRefused(long seconds, double steps) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Sampled(job.now(), Duration.ofSeconds(seconds), steps, Joules.ZERO, TOP));
  }
}
