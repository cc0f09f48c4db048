package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.GPU;
import static chase.zeus.fixtures.TestGpus.RULES;
import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.grid;
import static chase.zeus.fixtures.TestGpus.limits;
import static chase.zeus.fixtures.TestGpus.opened;
import static chase.zeus.fixtures.TestGpus.seen;
import static chase.zeus.fixtures.TestGpus.traits;
import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.fixtures.TestGpus;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final PowerPolicy CHASE = PowerPolicy.chase(0.5, Optional.empty());

  private final Engine engine = new Engine(RULES, CHASE, START);

  /** Opens a GPU at 250 W in a dirty grid and applies what the policy wants. */
  private double settled() {
    engine.on(opened(GPU, 250));
    Order order = only(engine.on(grid(500, START)).orders());
    engine.on(new Event.LimitApplied(GPU, limits(order.limit().value()), START));
    return order.limit().value();
  }

  private static Order only(List<Order> orders) {
    assertThat(orders).hasSize(1);
    return orders.getFirst();
  }

  private Reason reason() {
    return view().reason();
  }

  private GpuView view() {
    return engine.snapshot().gpu(GPU).orElseThrow();
  }

  @Test
  void withoutASignalTheOriginalLimitStays() {
    assertThat(engine.on(opened(GPU, 250)).orders()).isEmpty();
    assertThat(reason()).isEqualTo(new Reason.NoSignal());
    assertThat(view().target()).contains(watts(250));
  }

  @Test
  void aDirtyGridLowersTheLimit() {
    engine.on(opened(GPU, 250));
    Order order = only(engine.on(grid(500, START)).orders());
    assertThat(order).isEqualTo(new Order(GPU, watts(200), watts(250), watts(250)));
    assertThat(order.isMetBy(watts(200.4))).isTrue();
    assertThat(order.isMetBy(watts(201))).isFalse();
  }

  @Test
  void aCleanGridRaisesItAgainOnceTheDwellIsOver() {
    settled();
    assertThat(engine.on(grid(10, at(30))).orders()).isEmpty();
    assertThat(reason()).isEqualTo(new Reason.Dwelling(watts(250), at(60)));
    assertThat(only(engine.on(new Event.TimePassed(at(60))).orders()).limit())
        .isEqualTo(watts(250));
  }

  @Test
  void theOriginalLimitIsNeverExceededAndTheFloorNeverPassed() {
    engine.on(opened(GPU, 240));
    assertThat(view().allowed().orElseThrow().max()).isEqualTo(watts(240));
    assertThat(view().allowed().orElseThrow().min()).isEqualTo(watts(144));
    engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(10)), START));
    assertThat(view().target()).contains(watts(144));
    engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(300)), START));
    assertThat(view().target()).contains(watts(240));
  }

  @Test
  void aGpuHasOnePendingOrder() {
    engine.on(opened(GPU, 250));
    assertThat(engine.on(grid(500, START)).orders()).hasSize(1);
    assertThat(engine.on(grid(10, at(1))).orders()).isEmpty();
    assertThat(engine.on(new Event.TimePassed(at(2))).orders()).isEmpty();
    assertThat(view().pending()).isTrue();
  }

  @Test
  void aSignalThatBecomesTooOldRestoresTheLimitAtOnce() {
    settled();
    Order order = only(engine.on(new Event.TimePassed(at(7200))).orders());
    assertThat(order.limit()).isEqualTo(order.original());
    assertThat(reason()).isEqualTo(new Reason.NoSignal());
  }

  @Test
  void aForeignWriteIsAdoptedAndLeftAloneForAWhile() {
    settled();
    assertThat(engine.on(seen(GPU, 260, at(10))).orders()).isEmpty();
    assertThat(reason()).isEqualTo(new Reason.HandsOff(watts(260), at(610)));
    assertThat(view().original()).contains(watts(260));
    assertThat(view().counts().foreign()).isEqualTo(1);
    assertThat(engine.on(new Event.TimePassed(at(609))).orders()).isEmpty();
    assertThat(only(engine.on(new Event.TimePassed(at(610))).orders()).original())
        .isEqualTo(watts(260));
  }

  @Test
  void anExternalLimitBeforeAWriteDropsTheOrder() {
    engine.on(opened(GPU, 250));
    engine.on(grid(500, START));
    assertThat(engine.on(new Event.ForeignLimitFound(GPU, limits(220), at(1))).orders()).isEmpty();
    assertThat(view().pending()).isFalse();
    assertThat(view().original()).contains(watts(220));
  }

  @Test
  void aRefusedLimitIsNotRetriedUntilResumed() {
    engine.on(opened(GPU, 250));
    Order order = only(engine.on(grid(500, START)).orders());
    engine.on(new Event.LimitFailed(GPU, order.limit(), Kind.REFUSED, "no permission", at(1)));
    assertThat(engine.on(new Event.TimePassed(at(100_000))).orders()).isEmpty();
    assertThat(reason()).isEqualTo(new Reason.Refused("no permission"));
    engine.on(grid(500, at(100_001)));
    assertThat(engine.on(new Event.Resumed(at(100_001))).orders()).hasSize(1);
  }

  @Test
  void aPassingFailureIsTriedAgainLaterAndLater() {
    engine.on(opened(GPU, 250));
    engine.on(grid(500, START));
    engine.on(new Event.LimitFailed(GPU, watts(200), Kind.RETRY, "busy", at(1)));
    assertThat(engine.on(new Event.TimePassed(at(5))).orders()).isEmpty();
    assertThat(reason()).isEqualTo(new Reason.Retrying("busy", at(6)));
    assertThat(engine.on(new Event.TimePassed(at(6))).orders()).hasSize(1);
    engine.on(new Event.LimitFailed(GPU, watts(200), Kind.RETRY, "busy", at(7)));
    assertThat(reason()).isEqualTo(new Reason.Retrying("busy", at(17)));
  }

  @Test
  void aFailedWriteThatReachedTheGpuIsNotTakenForAnExternalOne() {
    engine.on(opened(GPU, 250));
    engine.on(grid(500, START));
    engine.on(new Event.LimitFailed(GPU, watts(200), Kind.RETRY, "no answer", at(1)));
    engine.on(seen(GPU, 200, at(2)));
    assertThat(view().counts().foreign()).isZero();
    assertThat(view().original()).contains(watts(250));
    assertThat(only(engine.on(new Event.Stopping(at(3))).orders()).limit()).isEqualTo(watts(250));
  }

  @Test
  void anEarlierFailedWriteIsStillOursWhenALaterOneFailedToo() {
    engine.on(opened(GPU, 250));
    engine.on(grid(500, START));
    engine.on(new Event.LimitFailed(GPU, watts(200), Kind.RETRY, "no answer", at(1)));
    engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(175)), at(10)));
    engine.on(new Event.LimitFailed(GPU, watts(175), Kind.RETRY, "no answer", at(11)));
    engine.on(seen(GPU, 200, at(12)));
    assertThat(view().counts().foreign()).isZero();
    assertThat(view().original()).contains(watts(250));
  }

  @Test
  void aDriverThatRoundsIsNotWrittenForEver() {
    engine.on(opened(GPU, 250));
    engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(200.4)), START));
    assertThat(engine.on(new Event.LimitApplied(GPU, limits(200), at(1))).orders()).isEmpty();
    assertThat(engine.on(new Event.TimePassed(at(2))).orders()).isEmpty();
    assertThat(engine.on(seen(GPU, 200, at(3))).orders()).isEmpty();
    assertThat(view().counts().foreign()).isZero();
  }

  @Test
  void anOverrideHoldsUntilItsTimeIsUp() {
    settled();
    Event.OverrideSet command = new Event.OverrideSet(GPU, watts(160), at(100), at(10));
    assertThat(only(engine.on(command).orders()).limit()).isEqualTo(watts(160));
    engine.on(new Event.LimitApplied(GPU, limits(160), at(11)));
    assertThat(reason()).isEqualTo(new Reason.Overridden(at(100)));
    assertThat(engine.on(new Event.TimePassed(at(99))).orders()).isEmpty();
    assertThat(only(engine.on(new Event.TimePassed(at(100))).orders()).limit())
        .isEqualTo(watts(200));
  }

  @Test
  void aReleasedOverrideLetsThePolicyDecideAtOnce() {
    settled();
    engine.on(new Event.OverrideSet(GPU, watts(160), at(1000), at(10)));
    engine.on(new Event.LimitApplied(GPU, limits(160), at(11)));
    assertThat(only(engine.on(new Event.OverrideReleased(GPU, at(12))).orders()).limit())
        .isEqualTo(watts(200));
  }

  @Test
  void anOverrideOutsideTheAllowedRangeIsRefusedWithTheRange() {
    settled();
    Event.OverrideSet command = new Event.OverrideSet(GPU, watts(260), at(100), at(10));
    assertThat(engine.on(command))
        .isEqualTo(
            new Refusal(
                Refusal.Cause.OUT_OF_RANGE,
                "260 W is outside 150 W to 250 W, what Chase may set on GPU 0 (GPU-a)"));
    assertThat(view().target()).contains(watts(200));
  }

  @Test
  void anOverrideOfAnUnknownGpuNamesTheKnownOnes() {
    settled();
    assertThat(engine.on(new Event.OverrideSet(new GpuId("GPU-x"), watts(200), at(9), at(1))))
        .isEqualTo(
            new Refusal(Refusal.Cause.UNKNOWN_GPU, "no GPU GPU-x here; there are: GPU 0 (GPU-a)"));
  }

  @Test
  void pausingRestoresEverythingAndResumingDecidesAgain() {
    settled();
    assertThat(only(engine.on(new Event.Paused(at(1))).orders()).limit()).isEqualTo(watts(250));
    engine.on(new Event.LimitApplied(GPU, limits(250), at(2)));
    assertThat(engine.on(grid(500, at(3))).orders()).isEmpty();
    assertThat(reason()).isEqualTo(new Reason.ChasePaused());
    assertThat(only(engine.on(new Event.Resumed(at(4))).orders()).limit()).isEqualTo(watts(200));
  }

  @Test
  void stoppingRestoresTheOriginalLimit() {
    settled();
    assertThat(only(engine.on(new Event.Stopping(at(1))).orders()).limit()).isEqualTo(watts(250));
    engine.on(new Event.LimitApplied(GPU, limits(250), at(2)));
    assertThat(engine.on(grid(500, at(3))).orders()).isEmpty();
    assertThat(engine.on(new Event.Paused(at(4)))).isInstanceOf(Refusal.class);
  }

  @Test
  void stoppingWaitsForAnOrderOnItsWayAndThenRestores() {
    engine.on(opened(GPU, 250));
    engine.on(grid(500, START));
    assertThat(engine.on(new Event.Stopping(at(1))).orders()).isEmpty();
    Order order = only(engine.on(new Event.LimitApplied(GPU, limits(200), at(2))).orders());
    assertThat(order.limit()).isEqualTo(order.original());
  }

  @Test
  void aStopTriesAtOnceAndThenPausesBetweenItsTries() {
    settled();
    Order order = only(engine.on(new Event.PolicyChosen(PowerPolicy.max(), at(1))).orders());
    engine.on(new Event.LimitFailed(GPU, order.limit(), Kind.RETRY, "Unknown Error", at(1)));
    assertThat(engine.on(new Event.TimePassed(at(2))).orders()).isEmpty();
    assertThat(engine.on(new Event.Stopping(at(2))).orders()).hasSize(1);
    assertThat(
            engine
                .on(new Event.LimitFailed(GPU, order.limit(), Kind.RETRY, "Unknown Error", at(2)))
                .orders())
        .isEmpty();
    assertThat(engine.on(new Event.TimePassed(at(3))).orders()).isEmpty();
  }

  @Test
  void observeModeDecidesAndNeverOrders() {
    SafetyRules rules =
        new SafetyRules(
            SafetyRules.Mode.OBSERVE, 0.6, Duration.ZERO, Duration.ofMinutes(1), Duration.ZERO);
    Engine observer = new Engine(rules, CHASE, START);
    observer.on(opened(GPU, 250));
    assertThat(observer.on(grid(500, START)).orders()).isEmpty();
    assertThat(observer.snapshot().gpu(GPU).orElseThrow().target()).contains(watts(200));
    assertThat(observer.on(new Event.Stopping(at(1))).orders()).isEmpty();
  }

  @Test
  void aGpuThatMustNotBeWrittenIsObserved() {
    engine.on(
        new Event.GpuOpened(
            traits(GPU, 0, Optional.of("MIG is enabled")),
            Optional.of(limits(250)),
            Optional.of(TestGpus.PROFILE),
            START));
    assertThat(engine.on(grid(500, START)).orders()).isEmpty();
    assertThat(reason()).isEqualTo(new Reason.Unwritable("MIG is enabled"));
    assertThat(view().target()).isEmpty();
  }

  @Test
  void aLostGpuIsDroppedAndTheOthersGoOn() {
    GpuId other = new GpuId("GPU-b");
    engine.on(opened(GPU, 250));
    engine.on(opened(other, 250));
    engine.on(new Event.GpuLost(GPU, "fell off the bus", START));
    assertThat(only(engine.on(grid(500, START)).orders()).gpu()).isEqualTo(other);
    assertThat(reason()).isEqualTo(new Reason.Lost("fell off the bus"));
  }

  @Test
  void aDriverThatCameBackWithOurLimitKeepsTheOriginal() {
    double ours = settled();
    engine.on(new Event.GpuLost(GPU, "driver reloaded", at(1)));
    engine.on(opened(GPU, ours));
    assertThat(view().original()).contains(watts(250));
  }

  @Test
  void aDriverThatCameBackWithItsDefaultHasANewOriginal() {
    settled();
    engine.on(opened(GPU, 300));
    assertThat(view().original()).contains(watts(300));
  }

  @Test
  void aJobWithoutAProfileKeepsTheOriginalLimit() {
    engine.on(
        new Event.GpuOpened(
            traits(GPU, 0, Optional.empty()), Optional.of(limits(250)), Optional.empty(), START));
    assertThat(engine.on(grid(500, START)).orders()).isEmpty();
    assertThat(reason()).isEqualTo(new Reason.NoProfile());
  }

  @Test
  void aCommandedPolicyActsAtOnceInSpiteOfTheDwell() {
    settled();
    assertThat(only(engine.on(new Event.PolicyChosen(PowerPolicy.max(), at(1))).orders()).limit())
        .isEqualTo(watts(250));
  }
}
