package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.RULES;
import static chase.zeus.fixtures.TestGpus.START;
import static chase.zeus.fixtures.TestGpus.limits;
import static chase.zeus.fixtures.TestGpus.opened;
import static chase.zeus.fixtures.TestGpus.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.ClockEventReason;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import chase.zeus.writes.WriteBounds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A host of GPUs of 250 W whose limits rise, fall and change often. */
class WriteBoundsTest {
  private static final double RAISE = 100;
  private static final int PER_HOUR = 10;
  private static final WriteBounds BOUNDS =
      new WriteBounds(RAISE, 0.25, PER_HOUR, Duration.ofHours(4));

  private record Write(Instant at, GpuId gpu, double from, double to, Reason why) {}

  private final Engine engine =
      new Engine(
          new SafetyRules(
                  SafetyRules.Mode.CONTROL,
                  0.4,
                  Duration.ZERO,
                  Duration.ofMinutes(10),
                  Duration.ofSeconds(5))
              .with(BOUNDS),
          PowerPolicy.max(),
          START);
  private final Map<GpuId, Double> limit = new TreeMap<>((a, b) -> a.uuid().compareTo(b.uuid()));
  private final List<Write> writes = new ArrayList<>();
  private Optional<Watts> draw = Optional.empty();
  private Set<ClockEventReason> slowedBy = Set.of();
  private Instant now = START;

  private void start(int gpus) {
    IntStream.range(0, gpus)
        .mapToObj(index -> new GpuId("GPU-" + index))
        .forEach(gpu -> {
          limit.put(gpu, 250.0);
          happen(opened(gpu, 250));
        });
  }

  private void happen(Event event) {
    for (Order order : engine.on(event).orders()) {
      double from = Objects.requireNonNull(limit.put(order.gpu(), order.limit().value()));
      Reason why = view(order.gpu()).reason();
      writes.add(new Write(now, order.gpu(), from, order.limit().value(), why));
      happen(new Event.LimitApplied(order.gpu(), limits(order.limit().value()), now));
    }
  }

  /** Every GPU is read twice a second. */
  private void pass(Duration time) {
    for (Instant end = now.plus(time); now.isBefore(end); now = now.plusMillis(500)) {
      limit.forEach((gpu, watts) -> happen(new Event.ReadingTaken(gpu, reading(watts), now)));
      happen(new Event.TimePassed(now));
    }
  }

  private void pass(long seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  private GpuReading reading(double watts) {
    return new GpuReading(
        Optional.of(limits(watts)),
        draw,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(slowedBy),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private void want(double watts) {
    happen(new Event.PolicyChosen(PowerPolicy.fixed(watts(watts)), now));
  }

  private GpuView view(GpuId gpu) {
    return engine.snapshot().gpu(gpu).orElseThrow();
  }

  private GpuView view() {
    return view(new GpuId("GPU-0"));
  }

  private List<Double> written() {
    return writes.stream().map(Write::to).toList();
  }

  @Test
  void eightGpusRiseTogetherNoFasterThanTheBound() {
    start(8);
    want(100);
    pass(10);
    writes.clear();
    Instant begun = now;
    want(250);
    assertThat(limit.get(new GpuId("GPU-0"))).as("the first goes at once").isEqualTo(250);
    assertThat(view(new GpuId("GPU-7")).pending()).as("the last is on its way").isTrue();
    pass(30);
    assertThat(limit.values()).containsOnly(250.0);
    assertThat(writes).hasSize(8);
    assertNeverFaster(RAISE, 150);
    double took = Duration.between(begun, writes.getLast().at()).toMillis() / 1e3;
    assertThat(took).isBetween((8 * 150 - 100 - 150) / RAISE, 8 * 150 / RAISE);
    assertThat(view(new GpuId("GPU-7")).pending()).isFalse();
  }

  /** In any stretch of s seconds no more than the bound times s + 1, and one GPU's raise. */
  private void assertNeverFaster(double wattsPerSecond, double oneRaise) {
    for (int first = 0; first < writes.size(); first++) {
      double sum = 0;
      for (Write write : writes.subList(first, writes.size())) {
        sum += Math.max(write.to() - write.from(), 0);
        double seconds = Duration.between(writes.get(first).at(), write.at()).toMillis() / 1e3;
        assertThat(sum).isLessThanOrEqualTo(wattsPerSecond * (seconds + 1) + oneRaise + 1e-6);
      }
    }
  }

  @Test
  void aLoneGpuRisesAtOnceHoweverFar() {
    start(1);
    want(100);
    pass(10);
    want(250);
    assertThat(limit.values()).containsOnly(250.0);
  }

  @Test
  void aStopRestoresAllInAFewSecondsHoweverManyThereAre() {
    start(16);
    want(100);
    pass(10);
    happen(new Event.Stopping(now));
    assertThat(limit.values()).contains(100.0);
    pass(3);
    assertThat(limit.values()).containsOnly(250.0);
  }

  @Test
  void aLimitFarBelowTheDrawIsReachedInStepsASecondApart() {
    start(1);
    draw = Optional.of(watts(245));
    pass(2);
    want(100);
    assertThat(view().pending()).as("more steps follow").isTrue();
    pass(10);
    assertThat(written()).containsExactly(187.5, 125.0, 100.0);
    assertThat(Duration.between(writes.getFirst().at(), writes.getLast().at())).hasSeconds(2);
    assertThat(view().pending()).isFalse();
  }

  @Test
  void aGpuThatDrawsLessAlreadyIsLoweredAtOnce() {
    start(1);
    draw = Optional.of(watts(80));
    pass(2);
    want(100);
    assertThat(written()).containsExactly(100.0);
  }

  @Test
  void stepsGoOnlyOnWhileTheDriverKeepsThem() {
    start(1);
    Order first =
        engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(100)), now)).orders().getFirst();
    assertThat(first.limit()).isEqualTo(watts(187.5));
    Event failed = new Event.LimitFailed(first.gpu(), first.limit(), Kind.RETRY, "busy", now);
    assertThat(engine.on(failed).orders()).isEmpty();
    assertThat(engine.on(new Event.TimePassed(now.plusSeconds(2))).orders()).isEmpty();
    assertThat(engine.on(new Event.TimePassed(now.plusSeconds(6))).orders())
        .extracting(Order::limit)
        .containsExactly(watts(187.5));
  }

  @Test
  void whileTheHardwareSlowsTheGpuNoDecisionLowersItsLimit() {
    for (ClockEventReason reason :
        List.of(
            ClockEventReason.HW_SLOWDOWN,
            ClockEventReason.HW_THERMAL,
            ClockEventReason.HW_POWER_BRAKE)) {
      writes.clear();
      start(1);
      slowedBy = Set.of(reason, ClockEventReason.SW_POWER_CAP);
      pass(1);
      want(200);
      pass(10);
      assertThat(writes).isEmpty();
      assertThat(view().reason())
          .isEqualTo(new Reason.SlowedByHardware(watts(200), Set.of(reason)));
      slowedBy = Set.of(ClockEventReason.SW_POWER_CAP);
      pass(1);
      assertThat(written()).containsExactly(200.0);
      slowedBy = Set.of(reason);
      pass(1);
      want(250);
      assertThat(limit.values()).as("it may rise").containsOnly(250.0);
      slowedBy = Set.of();
    }
  }

  @Test
  void anOperatorMayLowerTheLimitOfAGpuThatIsTooHot() {
    start(1);
    slowedBy = Set.of(ClockEventReason.HW_THERMAL);
    pass(1);
    happen(new Event.OverrideSet(new GpuId("GPU-0"), watts(200), now.plusSeconds(100), now));
    assertThat(written()).containsExactly(200.0);
  }

  @Test
  void onceTheHoursWritesAreUsedUpNoDecisionLowersALimit() {
    start(1);
    for (int times = 0; times < 50; times++) {
      want(times % 2 == 0 ? 200 : 210);
      pass(2);
    }
    assertThat(writes).hasSizeBetween(PER_HOUR, PER_HOUR + 1);
    assertThat(view().counts().left()).isZero();
    assertThat(view().counts().held()).isPositive();
    assertThat(limit.values()).containsOnly(210.0);
    want(215);
    assertThat(limit.values()).as("a higher limit means the original then").containsOnly(250.0);
    want(200);
    Reason.WritesSpent spent = (Reason.WritesSpent) view().reason();
    assertThat(spent.perHour()).isEqualTo(PER_HOUR);
    pass(Duration.between(now, spent.until()).minusSeconds(1));
    int before = writes.size();
    pass(3);
    assertThat(writes).hasSize(before + 1);
  }

  @Test
  void overridesPausesAndTheStopNeedNoWriteOfTheHour() {
    start(1);
    for (int times = 0; times < 50; times++) {
      want(times % 2 == 0 ? 200 : 210);
      pass(2);
    }
    GpuId gpu = new GpuId("GPU-0");
    happen(new Event.OverrideSet(gpu, watts(220), now.plusSeconds(100), now));
    assertThat(limit.values()).containsOnly(220.0);
    happen(new Event.Paused(now));
    assertThat(limit.values()).containsOnly(250.0);
    happen(new Event.Resumed(now));
    assertThat(limit.values()).containsOnly(220.0);
    happen(new Event.Stopping(now));
    assertThat(limit.values()).containsOnly(250.0);
  }

  @Test
  void aWriteThatFailsIsOneOfTheHoursWritesToo() {
    start(1);
    int orders = 0;
    for (int second = 0; second < 3600; second++) {
      Event tick =
          second == 0
              ? new Event.PolicyChosen(PowerPolicy.fixed(watts(200)), now)
              : new Event.TimePassed(now.plusSeconds(second));
      for (Order order : engine.on(tick).orders()) {
        orders++;
        engine.on(new Event.LimitFailed(order.gpu(), order.limit(), Kind.RETRY, "no", tick.at()));
        happen(new Event.GpuResumed(order.gpu(), tick.at()));
      }
    }
    assertThat(orders).isLessThanOrEqualTo(PER_HOUR);
  }

  @Test
  void boundsThatChangeWhileChaseRunsCountAtOnce() {
    start(1);
    WriteBounds one = new WriteBounds(RAISE, 1, 1, Duration.ofHours(4));
    happen(new Event.RulesChanged(RULES.with(one), Optional.empty(), now));
    want(160);
    assertThat(written()).containsExactly(160.0);
    pass(120);
    want(170);
    pass(120);
    assertThat(written()).containsExactly(160.0, 250.0);
    happen(new Event.RulesChanged(RULES.with(WriteBounds.NONE), Optional.empty(), now));
    assertThat(written()).containsExactly(160.0, 250.0, 170.0);
  }
}
