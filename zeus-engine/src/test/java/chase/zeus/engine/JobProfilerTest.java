package chase.zeus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.fixtures.SimulatedTraining;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerRange;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfilingEvent;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What starts, delays and ends the profiling of a job. */
class JobProfilerTest {
  private static final PowerRange GPU_RANGE = GpuPreset.V100.powerRange();
  private static final PowerProfile CURVE = GpuPreset.V100.profile();
  private static final GpuId GPU = new GpuId("GPU-0");

  private static SimulatedTraining day(PowerPolicy policy) {
    return new SimulatedTraining(
        GPU_RANGE, CURVE, 1, policy, Optional.of(ProfilingRules.DEFAULT), Duration.ofSeconds(5), 3);
  }

  /** Under a policy without a promise, limits are tried at once. */
  private static SimulatedTraining beingMeasured() {
    SimulatedTraining day = day(PowerPolicy.zeus(0.5));
    day.run(Duration.ofMinutes(2));
    assertThat(day.profile().active()).isTrue();
    assertThat(day.limits()).doesNotContain(GPU_RANGE.max());
    return day;
  }

  private static Set<Watts> limitsSeen(SimulatedTraining day, Duration time) {
    Set<Watts> seen = new HashSet<>();
    for (long second = 0; second < time.toSeconds(); second++) {
      day.run(Duration.ofSeconds(1));
      seen.addAll(day.limits());
    }
    return seen;
  }

  private static void assertAborted(SimulatedTraining day, ProfilingEvent.AbortReason why) {
    assertThat(day.profile().state()).contains(new ProfilingState.Aborted(why));
    assertThat(day.profile().points()).isNotEmpty();
  }

  private static void assertDone(SimulatedTraining day) {
    assertThat(day.profile().state()).contains(new ProfilingState.Done());
  }

  @Test
  void anOverrideEndsItAndItGoesOnAfterwards() {
    SimulatedTraining day = beingMeasured();
    day.handle(
        new Event.OverrideSet(
            GPU, new Watts(240), day.now().plus(Duration.ofMinutes(5)), day.now()));
    assertAborted(day, ProfilingEvent.AbortReason.LEASED);
    assertThat(limitsSeen(day, Duration.ofMinutes(4))).containsExactly(new Watts(240));
    int known = day.profile().points().size();
    day.run(Duration.ofMinutes(20));
    assertDone(day);
    assertThat(day.profile().points().size()).isGreaterThan(known);
  }

  @Test
  void aForeignWriteEndsItAndTheirLimitIsTheHighestFromThenOn() {
    SimulatedTraining day = beingMeasured();
    day.externalWrite(new Watts(200));
    assertAborted(day, ProfilingEvent.AbortReason.FOREIGN_WRITE);
    assertThat(limitsSeen(day, Duration.ofMinutes(9))).containsExactly(new Watts(200));
    Set<Watts> later = limitsSeen(day, Duration.ofMinutes(40));
    assertThat(later).allMatch(limit -> limit.value() <= 200 && limit.value() >= 100);
    assertDone(day);
  }

  @Test
  void aRefusedWriteEndsItUntilChaseIsResumed() {
    SimulatedTraining day = beingMeasured();
    day.refuseNext();
    day.run(Duration.ofMinutes(5));
    assertAborted(day, ProfilingEvent.AbortReason.WRITE_REFUSED);
    day.handle(new Event.Resumed(day.now()));
    day.run(Duration.ofMinutes(20));
    assertDone(day);
  }

  @Test
  void aPauseOfChaseEndsItAtTheOriginalLimit() {
    SimulatedTraining day = beingMeasured();
    day.handle(new Event.Paused(day.now()));
    assertAborted(day, ProfilingEvent.AbortReason.CHASE_PAUSED);
    assertThat(day.limits()).containsExactly(GPU_RANGE.max());
  }

  @Test
  void anotherPolicyEndsItAndOneThatNeedsNoProfileKeepsItSo() {
    SimulatedTraining day = beingMeasured();
    day.handle(new Event.PolicyChosen(PowerPolicy.max(), day.now()));
    assertAborted(day, ProfilingEvent.AbortReason.POLICY_CHANGED);
    assertThat(limitsSeen(day, Duration.ofMinutes(30))).containsExactly(GPU_RANGE.max());
  }

  @Test
  void noLimitBelowTheFloorIsTried() {
    Set<Watts> seen = limitsSeen(day(PowerPolicy.zeus(1)), Duration.ofHours(1));
    assertThat(seen).allMatch(limit -> limit.value() >= 0.5 * GPU_RANGE.max().value());
    assertThat(seen).contains(new Watts(125));
  }

  @Test
  void aJobThatMayLoseNothingIsNeverTried() {
    SimulatedTraining day = day(PowerPolicy.budget(0));
    assertThat(limitsSeen(day, Duration.ofHours(3))).containsExactly(GPU_RANGE.max());
    assertThat(day.profile().state()).containsInstanceOf(ProfilingState.Waiting.class);
  }

  @Test
  void aJobThatEndsSoonIsNotMeasured() {
    SimulatedTraining day = day(PowerPolicy.zeus(0.5));
    day.register(Optional.of(day.steps() + 600));
    assertThat(limitsSeen(day, Duration.ofMinutes(4))).containsExactly(GPU_RANGE.max());
    assertThat(day.profile().state()).isEmpty();
  }

  private static MeasuredProfile remembered(double speed) {
    return new MeasuredProfile(
        CURVE.points().stream()
            .filter(point -> point.limit().value() >= 125)
            .map(point ->
                new MeasuredProfile.MeasuredPoint(
                    point.limit(),
                    new Estimate(400, point.power().value(), 0.02 * point.power().value()),
                    new Estimate(
                        400, point.throughput() * speed, 0.05 * point.throughput() * speed)))
            .toList());
  }

  @Test
  void whatIsRememberedIsUsedAtOnce() {
    SimulatedTraining day = day(PowerPolicy.zeus(0.5));
    day.handle(new Event.ProfileLoaded(SimulatedTraining.JOB, remembered(1), day.now(), day.now()));
    day.run(Duration.ofSeconds(5));
    assertThat(day.limits()).doesNotContain(GPU_RANGE.max());
    day.run(Duration.ofMinutes(30));
    assertThat(day.profile().cost().time()).isZero();
    assertThat(day.profile().changes()).isZero();
    assertDone(day);
  }

  @Test
  void whatIsRememberedAndNoLongerTrueIsMeasuredAgain() {
    SimulatedTraining day = day(PowerPolicy.zeus(0.5));
    day.handle(
        new Event.ProfileLoaded(SimulatedTraining.JOB, remembered(1.3), day.now(), day.now()));
    day.run(Duration.ofHours(1));
    assertThat(day.profile().changes()).isPositive();
    assertThat(day.profile().cost().time()).isPositive();
    double full = CURVE.points().getLast().throughput();
    assertThat(day.profile().points().getLast().point().throughput().mean())
        .isBetween(0.97 * full, 1.03 * full);
  }

  @Test
  void stepsFromNowhereDoNotEnterTheProfile() {
    SimulatedTraining day = beingMeasured();
    day.jump(1_000_000);
    day.run(Duration.ofMinutes(30));
    assertDone(day);
    double full = CURVE.points().getLast().throughput();
    assertThat(day.profile().points())
        .allMatch(dated -> dated.point().throughput().mean() < 1.05 * full);
    assertThat(day.profile().secondsLost().orElseThrow()).isBetween(0.0, 300.0);
  }

  @Test
  void aJobThatFallsSilentIsNotTriedMeanwhile() {
    SimulatedTraining day = beingMeasured();
    day.hang(true);
    day.run(Duration.ofMinutes(5));
    assertThat(day.profile().state()).containsInstanceOf(ProfilingState.Silent.class);
    day.hang(false);
    day.run(Duration.ofMinutes(30));
    assertDone(day);
  }
}
