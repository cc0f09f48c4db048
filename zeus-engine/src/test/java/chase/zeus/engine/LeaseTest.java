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

import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leased GPU; the original limit is 250 W and the policy's is 200 W. */
class LeaseTest {
  private static final Lease.Holder ALICE = new Lease.Holder("alice", Optional.of(4711L));
  private static final Lease.Holder BOB = new Lease.Holder("bob", Optional.empty());

  private final Engine engine = new Engine(RULES, PowerPolicy.fixed(watts(200)), START);

  @BeforeEach
  void settle() {
    obey(engine.on(opened(GPU, 250)).orders(), START);
  }

  private Event.LeaseTaken lease(double limit, Instant at) {
    return new Event.LeaseTaken(GPU, Optional.of(watts(limit)), ALICE, at.plusSeconds(3600), at);
  }

  private void obey(List<Order> orders, Instant at) {
    for (Order order : orders) {
      obey(engine.on(new Event.LimitApplied(GPU, limits(order.limit().value()), at)).orders(), at);
    }
  }

  private void happen(Event event) {
    obey(engine.on(event).orders(), event.at());
  }

  private Watts limit() {
    return view().limits().orElseThrow().requested();
  }

  private GpuView view() {
    return engine.snapshot().gpu(GPU).orElseThrow();
  }

  private Optional<Refusal.Cause> cause(Event.Command command) {
    return engine.on(command) instanceof Refusal refusal
        ? Optional.of(refusal.cause())
        : Optional.empty();
  }

  @Test
  void aLeasedLimitIsSetAtOnceAndShowsItsHolder() {
    happen(lease(220, at(1)));
    assertThat(limit()).isEqualTo(watts(220));
    assertThat(view().reason()).isEqualTo(new Reason.Leased(ALICE, at(3601)));
    assertThat(engine.snapshot().leaseOn(GPU))
        .contains(new Lease(Optional.of(watts(220)), ALICE, at(3601)));
  }

  @Test
  void thePolicyDecidesNothingWhileTheLeaseLasts() {
    happen(lease(220, at(1)));
    assertThat(engine.on(grid(500, at(100))).orders()).isEmpty();
    assertThat(engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(180)), at(200))).orders())
        .isEmpty();
    assertThat(engine.advice(GPU)).isEmpty();
  }

  @Test
  void aLeaseMayGoBelowTheFloorButNotAboveTheOriginalLimit() {
    happen(lease(100, at(1)));
    assertThat(limit()).isEqualTo(watts(100));
    happen(lease(300, at(2)));
    assertThat(limit()).isEqualTo(watts(250));
  }

  @Test
  void aLeaseDoesNotChangeTheOriginalLimit() {
    happen(lease(100, at(1)));
    assertThat(view().original()).contains(watts(250));
    happen(new Event.Stopping(at(2)));
    assertThat(limit()).isEqualTo(watts(250));
  }

  @Test
  void whenItsTimeIsOverThePolicyDecidesAtOnce() {
    happen(lease(220, at(1)));
    happen(new Event.TimePassed(at(3600)));
    assertThat(limit()).isEqualTo(watts(220));
    happen(new Event.TimePassed(at(3601)));
    assertThat(limit()).isEqualTo(watts(200));
    assertThat(engine.snapshot().leases()).isEmpty();
  }

  @Test
  void theSameAgainRenewsIt() {
    happen(lease(220, at(1)));
    happen(lease(220, at(3000)));
    happen(new Event.TimePassed(at(6599)));
    assertThat(engine.snapshot().leaseOn(GPU).orElseThrow().until()).isEqualTo(at(6600));
    assertThat(limit()).isEqualTo(watts(220));
  }

  @Test
  void whenTheHolderGivesItUpThePolicyDecidesAtOnce() {
    happen(lease(220, at(1)));
    happen(new Event.LeaseEnded(GPU, at(2)));
    assertThat(limit()).isEqualTo(watts(200));
  }

  @Test
  void aRequestWithoutALimitLeavesTheLimitAloneOrKeepsTheLeasedOne() {
    happen(new Event.LeaseTaken(GPU, Optional.empty(), ALICE, at(3600), at(1)));
    assertThat(engine.on(grid(500, at(100))).orders()).isEmpty();
    assertThat(limit()).isEqualTo(watts(200));
    happen(lease(220, at(200)));
    happen(new Event.LeaseTaken(GPU, Optional.empty(), ALICE, at(9000), at(300)));
    assertThat(engine.snapshot().leaseOn(GPU).orElseThrow().limit()).contains(watts(220));
  }

  @Test
  void theLastRequestTakesTheLease() {
    happen(lease(220, at(1)));
    happen(new Event.LeaseTaken(GPU, Optional.of(watts(230)), BOB, at(60), at(2)));
    assertThat(engine.snapshot().leaseOn(GPU).orElseThrow().holder()).isEqualTo(BOB);
    assertThat(limit()).isEqualTo(watts(230));
  }

  @Test
  void aLeaseThatTheGpuRefusesIsNone() {
    Order order = engine.on(lease(220, at(1))).orders().getFirst();
    happen(new Event.LimitFailed(GPU, order.limit(), Kind.REFUSED, "no permission", at(1)));
    assertThat(engine.snapshot().leases()).isEmpty();
    assertThat(view().reason()).isEqualTo(new Reason.Refused("no permission"));
  }

  @Test
  void aLimitThatTheGpuRefusesLeavesTheOneBeforeIt() {
    happen(lease(220, at(1)));
    Order order = engine.on(lease(240, at(2))).orders().getFirst();
    happen(new Event.LimitFailed(GPU, order.limit(), Kind.REFUSED, "no", at(2)));
    assertThat(engine.snapshot().leaseOn(GPU).orElseThrow().limit()).contains(watts(220));
  }

  @Test
  void aLimitThatFailsInPassingIsTriedAgainUntilItIsSet() {
    happen(lease(220, at(1)));
    Order order = engine.on(lease(240, at(2))).orders().getFirst();
    happen(new Event.LimitFailed(GPU, order.limit(), Kind.RETRY, "in passing", at(2)));
    assertThat(engine.snapshot().leaseOn(GPU).orElseThrow().limit()).contains(watts(240));
    assertThat(view().reason()).isInstanceOf(Reason.Retrying.class);
    happen(new Event.TimePassed(at(100)));
    assertThat(limit()).isEqualTo(watts(240));
  }

  @Test
  void anExternalLimitIsNotOverwrittenUntilTheHolderRequestsAgain() {
    happen(lease(220, at(1)));
    happen(seen(GPU, 150, at(2)));
    assertThat(view().reason()).isInstanceOf(Reason.HandsOff.class);
    assertThat(engine.on(new Event.TimePassed(at(3))).orders()).isEmpty();
    happen(lease(140, at(4)));
    assertThat(limit()).isEqualTo(watts(140));
    assertThat(view().original()).contains(watts(150));
  }

  @Test
  void aPauseHoldsTheLimitAndRequestsMeanwhileTakeEffectAfterwards() {
    happen(lease(220, at(1)));
    happen(new Event.Paused(at(2)));
    assertThat(limit()).isEqualTo(watts(250));
    happen(lease(230, at(3)));
    assertThat(limit()).isEqualTo(watts(250));
    assertThat(view().reason()).isEqualTo(new Reason.ChasePaused());
    happen(new Event.Resumed(at(4)));
    assertThat(limit()).isEqualTo(watts(230));
  }

  @Test
  void anOverrideHoldsTheLimitAndRequestsMeanwhileTakeEffectAfterwards() {
    happen(new Event.OverrideSet(GPU, watts(180), at(60), at(2)));
    happen(lease(220, at(3)));
    assertThat(limit()).isEqualTo(watts(180));
    assertThat(view().reason()).isEqualTo(new Reason.Overridden(at(60)));
    happen(new Event.OverrideReleased(GPU, at(4)));
    assertThat(limit()).isEqualTo(watts(220));
  }

  @Test
  void aLeaseThatRanOutDuringAnOverrideIsForgotten() {
    happen(new Event.OverrideSet(GPU, watts(180), at(5000), at(2)));
    happen(lease(220, at(3)));
    happen(new Event.TimePassed(at(5000)));
    assertThat(limit()).isEqualTo(watts(200));
    assertThat(engine.snapshot().leases()).isEmpty();
  }

  @Test
  void aLimitThatTheGpuDoesNotAcceptIsRefused() {
    assertThat(cause(lease(99, at(1)))).contains(Refusal.Cause.OUT_OF_RANGE);
    assertThat(cause(lease(301, at(1)))).contains(Refusal.Cause.OUT_OF_RANGE);
    assertThat(((Refusal) engine.on(lease(301, at(1)))).message())
        .isEqualTo("301 W is outside 100 W to 300 W, what GPU 0 (GPU-a) accepts");
  }

  @Test
  void anUnwritableGpuCannotBeLeased() {
    engine.on(
        new Event.GpuOpened(
            traits(GPU, 0, Optional.of("MIG is enabled")),
            Optional.of(limits(250)),
            Optional.empty(),
            START));
    assertThat(cause(lease(220, at(1)))).contains(Refusal.Cause.NOT_WRITABLE);
  }

  @Test
  void observeModeLeasesNothing() {
    SafetyRules observing =
        new SafetyRules(
            SafetyRules.Mode.OBSERVE,
            0.6,
            Duration.ZERO,
            Duration.ofMinutes(10),
            Duration.ofSeconds(5));
    Engine observer = new Engine(observing, PowerPolicy.max(), START);
    observer.on(opened(GPU, 250));
    assertThat(((Refusal) observer.on(lease(220, at(1)))).cause())
        .isEqualTo(Refusal.Cause.NOT_WRITABLE);
  }

  @Test
  void aLostGpuCannotBeLeasedAndKeepsItsLeaseWhenItComesBack() {
    happen(lease(220, at(1)));
    happen(new Event.GpuLost(GPU, "no answer", at(2)));
    assertThat(cause(lease(220, at(3)))).contains(Refusal.Cause.NOT_WRITABLE);
    obey(engine.on(opened(GPU, 250)).orders(), at(4));
    assertThat(limit()).isEqualTo(watts(220));
  }
}
