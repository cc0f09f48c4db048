package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.GPU;
import static chase.zeus.fixtures.TestGpus.RULES;
import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestGpus.limits;
import static chase.zeus.fixtures.TestGpus.opened;
import static chase.zeus.fixtures.TestGpus.seen;
import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator changes rules and policy while the engine runs. */
class RulesChangedTest {
  private static final PowerPolicy LEAST_ENERGY = PowerPolicy.zeus(1);
  private static final Duration DWELL = RULES.minimumDwell();

  private final Engine engine = new Engine(RULES, LEAST_ENERGY, START);

  /** The original limit is 250 W, and the floor of 60 % of it is where it uses least energy. */
  @BeforeEach
  void aGpuAtItsFloor() {
    assertThat(ordered(opened(GPU, 250))).containsExactly(watts(150));
    engine.on(new Event.LimitApplied(GPU, limits(150), START));
  }

  @Test
  void aHigherFloorLiftsALimitBelowItAtOnce() {
    assertThat(ordered(change(rules(0.8, DWELL), at(1)))).containsExactly(watts(200));
  }

  @Test
  void aLowerFloorLetsThePolicyGoFurtherDownAtOnce() {
    assertThat(ordered(change(rules(0.4, DWELL), at(1)))).isEmpty();
    assertThat(engine.snapshot().gpus().getFirst().allowed().orElseThrow().min())
        .isEqualTo(watts(100));
  }

  @Test
  void anOverrideStaysAndKeepsToTheNewFloor() {
    engine.on(new Event.OverrideSet(GPU, watts(160), at(3600), at(1)));
    applied(160, at(2));
    assertThat(ordered(change(rules(0.8, DWELL), at(3)))).containsExactly(watts(200));
    applied(200, at(4));
    assertThat(engine.snapshot().gpus().getFirst().reason()).isInstanceOf(Reason.Overridden.class);
    assertThat(ordered(change(rules(0.6, DWELL), at(5)))).containsExactly(watts(160));
  }

  @Test
  void aPauseAndALeaseStay() {
    var holder = new Lease.Holder("ann", Optional.empty());
    engine.on(new Event.LeaseTaken(GPU, Optional.of(watts(120)), holder, at(3600), at(1)));
    applied(120, at(2));
    assertThat(ordered(change(rules(0.8, DWELL), at(3))))
        .as("a lease may go below the floor")
        .isEmpty();
    engine.on(new Event.Paused(at(4)));
    applied(250, at(5));
    assertThat(ordered(change(rules(0.5, DWELL), at(6)))).isEmpty();
    assertThat(engine.snapshot().paused()).isTrue();
  }

  @Test
  void anotherPolicyCountsAtOnceAndWithTheRules() {
    var max =
        new Event.RulesChanged(rules(0.7, DWELL), Optional.of(PowerPolicy.parse("max")), at(1));
    assertThat(ordered(max)).containsExactly(watts(250));
    assertThat(engine.snapshot().policy().spec()).isEqualTo("max");
  }

  @Test
  void aPolicyThatACommandChoseStaysWhereTheFilesDidNotChange() {
    engine.on(new Event.PolicyChosen(PowerPolicy.parse("max"), at(1)));
    applied(250, at(2));
    assertThat(ordered(change(rules(0.5, DWELL), at(3)))).isEmpty();
    assertThat(engine.snapshot().policy().spec()).isEqualTo("max");
  }

  @Test
  void anExternalLimitIsLeftAloneForTheNewTime() {
    var brief =
        new SafetyRules(
            RULES.mode(), 0.6, Duration.ZERO, Duration.ofSeconds(7), RULES.retryAfter());
    engine.on(change(brief, at(1)));
    engine.on(seen(GPU, 220, at(2)));
    assertThat(ordered(new Event.TimePassed(at(8)))).isEmpty();
    assertThat(ordered(new Event.TimePassed(at(9)))).isNotEmpty();
  }

  @Test
  void aSilentJobEndsAfterTheNewTime() {
    engine.on(new Event.JobStarted(new JobId("j"), spec(), at(1)));
    engine.on(change(rules(0.6, DWELL), at(2)));
    engine.on(new Event.TimePassed(at(31)));
    assertThat(engine.snapshot().jobs()).hasSize(1);
    SafetyRules impatient =
        new SafetyRules(
            RULES.mode(),
            0.6,
            DWELL,
            RULES.handsOff(),
            RULES.retryAfter(),
            Duration.ofSeconds(20),
            Optional.empty());
    engine.on(change(impatient, at(32)));
    assertThat(engine.snapshot().jobs()).isEmpty();
  }

  @Test
  void theModeStaysUntilARestart() {
    SafetyRules observing =
        new SafetyRules(SafetyRules.Mode.OBSERVE, 0.6, DWELL, RULES.handsOff(), RULES.retryAfter());
    assertThatThrownBy(() -> engine.on(change(observing, at(1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static JobSpec spec() {
    return new JobSpec(
        "train",
        List.of(GPU),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static SafetyRules rules(double floor, Duration dwell) {
    return new SafetyRules(RULES.mode(), floor, dwell, RULES.handsOff(), RULES.retryAfter());
  }

  private static Event.RulesChanged change(SafetyRules rules, Instant at) {
    return new Event.RulesChanged(rules, Optional.empty(), at);
  }

  private void applied(double watts, Instant at) {
    engine.on(new Event.LimitApplied(GPU, limits(watts), at));
  }

  private List<Watts> ordered(Event event) {
    return engine.on(event).orders().stream().map(Order::limit).toList();
  }
}
