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
import chase.zeus.policy.PowerPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Changes of a GPU from outside Chase, and the limit that it gets then. */
class ChangedGpuTest {
  private final Engine engine = new Engine(RULES, PowerPolicy.chase(0.5, Optional.empty()), START);

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
  void aFixedLimitThatMayNotBeSetNamesWhatHoldsIt() {
    engine.on(opened(GPU, 250));
    engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(100)), START));
    engine.on(new Event.LimitApplied(GPU, limits(150), START));
    assertThat(reason())
        .isEqualTo(new Reason.Chosen(Optional.of(new Reason.Bound(watts(100), watts(150)))));
    engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(300)), START));
    assertThat(reason())
        .isEqualTo(new Reason.Chosen(Optional.of(new Reason.Bound(watts(300), watts(250)))));
    engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(200)), START));
    assertThat(reason()).isEqualTo(new Reason.Chosen());
  }

  @Test
  void whenMigIsSwitchedOnTheOriginalIsRestoredAndNothingElseIsWritten() {
    settled();
    Order order =
        only(
            engine
                .on(new Event.TraitsChanged(traits(GPU, 0, Optional.of("MIG is enabled")), at(10)))
                .orders());
    assertThat(order.limit()).isEqualTo(watts(250));
    assertThat(reason()).isEqualTo(new Reason.Unwritable("MIG is enabled"));
    engine.on(new Event.LimitApplied(GPU, limits(250), at(11)));
    assertThat(engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(180)), at(12))).orders())
        .isEmpty();
    assertThat(view().target()).isEmpty();
    assertThat(
            only(engine
                    .on(new Event.TraitsChanged(traits(GPU, 0, Optional.empty()), at(13)))
                    .orders())
                .limit())
        .isEqualTo(watts(180));
  }

  @Test
  void aStopPutsTheOriginalBackAlsoUnderMig() {
    settled();
    engine.on(new Event.TraitsChanged(traits(GPU, 0, Optional.of("MIG is enabled")), at(10)));
    engine.on(new Event.LimitFailed(GPU, watts(250), Kind.REFUSED, "not now", at(11)));
    assertThat(engine.on(new Event.TimePassed(at(1000))).orders()).isEmpty();
    assertThat(only(engine.on(new Event.Stopping(at(1001))).orders()).limit())
        .isEqualTo(watts(250));
  }

  @Test
  void aDriversDefaultMayAlsoComeFromAReset() {
    settled();
    engine.on(seen(GPU, 300, at(10)));
    assertThat(reason()).isEqualTo(new Reason.HandsOff(watts(300), true, 1, at(610)));
  }

  @Test
  void aLimitFoundBelowTheDefaultDoesNotLowerTheFloor() {
    engine.on(
        new Event.GpuOpened(
            traits(GPU, 0, Optional.empty()),
            Optional.of(limits(180)),
            Optional.of(TestGpus.PROFILE),
            START));
    engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(100)), START));
    assertThat(view().target()).contains(watts(180));
    assertThat(view().original()).contains(watts(180));
  }
}
