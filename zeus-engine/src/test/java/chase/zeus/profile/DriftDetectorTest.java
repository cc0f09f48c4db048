package chase.zeus.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.fixtures.MeasuredProfiles;
import chase.zeus.fixtures.NoisyJob;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.profile.DriftDetector.DriftFinding.Confirmed;
import chase.zeus.profile.DriftDetector.DriftFinding.Drifted;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriftDetectorTest {
  private static final PowerProfile TRUTH = GpuPreset.V100.profile();
  private static final ProfilingPlan PLAN =
      ProfilingPlan.over(GpuPreset.V100.powerRange(), new Watts(25), MeasurementRules.DEFAULT);
  private static final int WINDOW_STEPS = 100;

  private static PowerProfile changed(double power, double work) {
    return new PowerProfile(
        TRUTH.points().stream()
            .map(point ->
                new Point(
                    point.limit(),
                    new Watts(Math.min(point.limit().value(), point.power().value() * power)),
                    point.throughput() * work))
            .toList());
  }

  private static MeasuredProfile measured(NoisyJob job) {
    return job.finish(ProfilingSession.start(PLAN, MeasuredProfile.EMPTY, job.now())).measured();
  }

  /** The finding after {@code steps} steps at {@code limit}; the profile itself does not change. */
  private static List<DriftDetector.DriftFinding> watch(
      NoisyJob job, MeasuredProfile profile, double limit, int steps) {
    List<DriftDetector.DriftFinding> findings = new ArrayList<>();
    DriftDetector drift = DriftDetector.start(MeasurementRules.DEFAULT);
    job.limitTo(new Watts(limit));
    for (int step = 0; step < steps; step++) {
      drift = drift.after(job.step(), profile);
      drift.finding().ifPresent(findings::add);
    }
    return findings;
  }

  @ParameterizedTest
  @ValueSource(doubles = {250, 225, 190, 150, 100})
  void aJobThatStaysTheSameHoldsAtEveryLimit(double limit) {
    for (long seed = 1; seed <= 10; seed++) {
      NoisyJob job = new NoisyJob(TRUTH, seed);
      assertThat(watch(job, measured(job), limit, 20 * WINDOW_STEPS))
          .as("seed %d", seed)
          .hasSizeGreaterThan(9)
          .noneMatch(Drifted.class::isInstance);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0.8", "1, 1.2", "0.85, 1", "0.9, 0.9", "1, 0.4", "1, 2.5"})
  void aChangeOfSpeedOrDrawIsFoundWithinAFewWindows(double power, double work) {
    for (long seed = 1; seed <= 10; seed++) {
      NoisyJob job = new NoisyJob(TRUTH, seed);
      MeasuredProfile profile = measured(job);
      job.changeTo(changed(power, work));
      assertThat(watch(job, profile, 200, 5 * WINDOW_STEPS))
          .as("seed %d", seed)
          .first()
          .isInstanceOf(Drifted.class);
    }
  }

  @Test
  void oneOddWindowIsNoChange() {
    NoisyJob job = new NoisyJob(TRUTH, 1);
    MeasuredProfile profile = measured(job);
    job.limitTo(new Watts(200));
    DriftDetector drift = DriftDetector.start(MeasurementRules.DEFAULT);
    List<DriftDetector.DriftFinding> findings = new ArrayList<>();
    for (int step = 0; step < 10 * WINDOW_STEPS; step++) {
      job.changeTo(step < 60 ? changed(1, 0.8) : TRUTH);
      drift = drift.after(job.step(), profile);
      drift.finding().ifPresent(findings::add);
    }
    assertThat(findings).isNotEmpty().noneMatch(Drifted.class::isInstance);
  }

  @Test
  void anotherLimitStartsAnotherWindow() {
    NoisyJob job = new NoisyJob(TRUTH, 1);
    MeasuredProfile profile = measured(job);
    job.changeTo(changed(1, 0.8));
    DriftDetector drift = DriftDetector.start(MeasurementRules.DEFAULT);
    for (int step = 0; step < 20 * WINDOW_STEPS; step++) {
      job.limitTo(new Watts(step / 40 % 2 == 0 ? 200 : 150));
      drift = drift.after(job.step(), profile);
      assertThat(drift.finding()).isEmpty();
    }
  }

  @Test
  void aLimitBeyondTheProfileIsLearnt() {
    NoisyJob job = new NoisyJob(TRUTH, 1);
    MeasuredProfile top = MeasuredProfiles.profile(MeasuredProfiles.point(250, 220.25, 1.424));
    DriftDetector.DriftFinding found = watch(job, top, 150, 2 * WINDOW_STEPS).getFirst();
    assertThat(found).isInstanceOf(Confirmed.class);
    assertThat(found.applyTo(top).points()).hasSize(2);
  }

  @Test
  void windowsThatHoldMakeTheProfileBetter() {
    NoisyJob job = new NoisyJob(TRUTH, 2);
    MeasuredProfile profile = measured(job);
    DriftDetector.DriftFinding found = watch(job, profile, 200, 2 * WINDOW_STEPS).getFirst();
    assertThat(error(found.applyTo(profile), 200)).isLessThan(error(profile, 200));
  }

  private static double error(MeasuredProfile profile, double limit) {
    return profile.at(new Watts(limit)).orElseThrow().relativeError();
  }

  @Test
  void aCurveThatChangesHalfWayIsMeasuredAnew() {
    for (long seed = 1; seed <= 20; seed++) {
      NoisyJob job = new NoisyJob(TRUTH, seed);
      MeasuredProfile old = measured(job);
      PowerProfile later = changed(0.9, 0.7);
      job.changeTo(later);
      MeasuredProfile aged = watch(job, old, 200, 5 * WINDOW_STEPS).getFirst().applyTo(old);
      assertAbout(aged, later, 0.08, seed);
      ProfilingSession run = job.finish(ProfilingSession.start(PLAN, aged, job.now()));
      assertThat(run.limitsMeasured()).as("seed %d", seed).isGreaterThanOrEqualTo(3);
      assertAbout(run.measured(), later, 0.07, seed);
    }
  }

  private static void assertAbout(
      MeasuredProfile profile, PowerProfile truth, double most, long seed) {
    for (Point point : profile.toPowerProfile(PLAN.limits()).orElseThrow().points()) {
      assertThat(point.throughput() / truth.at(point.limit()).orElseThrow().throughput())
          .as("seed %d at %s", seed, point.limit())
          .isCloseTo(1, within(most));
    }
  }
}
