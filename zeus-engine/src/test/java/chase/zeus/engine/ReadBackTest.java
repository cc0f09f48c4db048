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

import chase.zeus.policy.PowerPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPU whose driver keeps another limit than requested; original 250 W, floor 150 W. */
class ReadBackTest {
  private final Engine engine = new Engine(RULES, PowerPolicy.max(), START);
  private final List<Double> requested = new ArrayList<>();
  private DoubleBinaryOperator driver = ReadBackTest::exact;
  private double limit = 250;
  private long second;

  private static double exact(double requested, double before) {
    return requested;
  }

  private static double share(double requested, double before) {
    return requested * 0.97;
  }

  private static double ignore(double requested, double before) {
    return before;
  }

  private void start(double original) {
    limit = original;
    happen(opened(GPU, original));
  }

  /** Lets something happen, and the driver carry out what comes of it. */
  private void happen(Event event) {
    for (Order order : engine.on(event).orders()) {
      assertThat(requested).as("orders without an end").hasSizeLessThan(1000);
      requested.add(order.limit().value());
      limit = watts(driver.applyAsDouble(order.limit().value(), limit)).toMilliwatts() / 1000.0;
      happen(new Event.LimitApplied(GPU, limits(limit), now()));
    }
  }

  private Instant now() {
    return at(second);
  }

  private void pass(long seconds) {
    for (long end = second + seconds; second < end; second++) {
      happen(new Event.TimePassed(now()));
      happen(seen(GPU, limit, now()));
    }
  }

  private void want(double watts) {
    happen(new Event.PolicyChosen(PowerPolicy.fixed(watts(watts)), now()));
    pass(100);
  }

  private void stop() {
    happen(new Event.Stopping(now()));
    pass(60);
  }

  private GpuView view() {
    return engine.snapshot().gpu(GPU).orElseThrow();
  }

  private void assertOursAndOriginal(double original) {
    assertThat(view().counts().foreign()).isZero();
    assertThat(view().original()).contains(watts(original));
  }

  @Test
  void aDriverThatKeepsLessIsNoExternalWriterAndNeverLeadsBelowTheFloor() {
    start(250);
    driver = ReadBackTest::share;
    for (double target : new double[] {203, 160, 130, 110, 100}) {
      want(target);
      assertOursAndOriginal(250);
      assertThat(limit).isBetween(150.0, 203.0);
    }
    assertThat(view().allowed().orElseThrow().min()).isEqualTo(watts(150));
    driver = ReadBackTest::exact;
    stop();
    assertThat(limit).isEqualTo(250);
  }

  @Test
  void whatIsKnownOfADriverKeepsTheNextWriteAboveTheFloor() {
    start(250);
    driver = ReadBackTest::share;
    want(200);
    want(150);
    assertThat(requested).noneMatch(watts -> watts * 0.97 < 150 - 1e-3);
    assertThat(limit).isBetween(150.0, 151.0);
  }

  @Test
  void aRoundedLimitIsRequestedOnce() {
    start(250);
    driver = (requested, before) -> Math.floor(requested / 25) * 25;
    want(190);
    assertThat(limit).isEqualTo(175);
    assertThat(requested).hasSize(1);
    assertThat(view().reason()).isEqualTo(new Reason.Chosen());
    want(195);
    assertThat(requested).hasSizeLessThanOrEqualTo(2);
    assertOursAndOriginal(250);
  }

  @ParameterizedTest
  @ValueSource(doubles = {240, 245, 250, 233})
  void stepsOf25WattsNeverLeadBelowTheFloor(double original) {
    start(original);
    driver =
        (requested, before) -> requested == original ? requested : Math.floor(requested / 25) * 25;
    want(100);
    assertThat(limit).isBetween(original * 0.6, original * 0.6 + 25);
    assertOursAndOriginal(original);
    stop();
    assertThat(limit).isEqualTo(original);
  }

  @Test
  void aDriverThatRoundsUpDoesNotLeadAboveTheOriginal() {
    start(260);
    driver = (requested, before) -> Math.ceil(requested / 25) * 25;
    want(255);
    assertThat(limit).isEqualTo(250);
    want(180);
    assertThat(limit).isEqualTo(200);
    stop();
    assertThat(limit).isBetween(240.0, 260.0);
    assertOursAndOriginal(260);
  }

  @Test
  void aClampAboveOursIsTheDriversAnswer() {
    start(250);
    driver = (requested, before) -> Math.max(requested, 220);
    want(160);
    assertThat(limit).isEqualTo(220);
    assertThat(requested).hasSize(1);
    want(240);
    assertThat(limit).isEqualTo(240);
    assertOursAndOriginal(250);
  }

  @Test
  void aWriteWithoutEffectIsCalledThatAndGivenUpAfterAFewTries() {
    start(250);
    driver = ReadBackTest::ignore;
    want(160);
    assertThat(requested).hasSize(3);
    assertThat(view().reason())
        .isEqualTo(new Reason.WithoutEffect("the driver accepted 160 W and kept 250 W"));
    pass(5000);
    assertThat(requested).hasSize(3);
    assertOursAndOriginal(250);
    assertThat(view().counts().failed()).isEqualTo(3);
  }

  @Test
  void aWriteThatWasGivenUpIsRetriedWithTheNextCommand() {
    start(250);
    driver = ReadBackTest::ignore;
    want(160);
    requested.clear();
    happen(new Event.Resumed(now()));
    pass(100);
    assertThat(requested).hasSize(3);
    happen(new Event.OverrideSet(GPU, watts(160), now().plusSeconds(10_000), now()));
    pass(100);
    assertThat(requested).hasSize(6);
    driver = ReadBackTest::exact;
    happen(new Event.GpuOpened(view().traits(), view().limits(), Optional.empty(), now()));
    assertThat(limit).isEqualTo(160);
  }

  @Test
  void aLimitThatTakesEffectLateIsOurs() {
    start(250);
    driver = ReadBackTest::ignore;
    want(200);
    limit = 200;
    pass(5);
    assertOursAndOriginal(250);
    assertThat(view().reason()).isEqualTo(new Reason.Chosen());
  }

  @Test
  void aGpuThatCannotStayAboveTheFloorIsTriedMoreAndMoreSeldom() {
    start(250);
    driver = (requested, before) -> Math.min(requested, 120);
    want(200);
    assertThat(requested.getLast()).isEqualTo(250);
    requested.clear();
    pass(3600);
    assertThat(requested).hasSizeBetween(3, 60).allMatch(watts -> watts == 250);
    assertOursAndOriginal(250);
    driver = ReadBackTest::exact;
    pass(1200);
    assertThat(limit).isGreaterThanOrEqualTo(150);
  }

  @Test
  void anOriginalThatDoesNotComeBackStaysTheOriginal() {
    start(250);
    driver = ReadBackTest::share;
    want(200);
    happen(new Event.Paused(now()));
    pass(100);
    assertThat(limit).isEqualTo(242.5);
    assertOursAndOriginal(250);
    assertThat(view().reason())
        .isEqualTo(new Reason.WithoutEffect("the driver accepted 250 W and kept 242.5 W"));
    driver = ReadBackTest::exact;
    stop();
    assertThat(limit).isEqualTo(250);
  }

  @Test
  void aForeignLimitIsAdoptedAndNeverLowersTheFloor() {
    start(250);
    driver = ReadBackTest::share;
    want(100);
    for (int times = 0; times < 3; times++) {
      limit = Math.rint(limit * 0.9);
      pass(1000);
      assertThat(view().original()).contains(watts(limit));
      assertThat(view().allowed().orElseThrow().min().value()).isGreaterThanOrEqualTo(limit);
    }
    assertThat(view().counts().foreign()).isEqualTo(3);
  }

  @Test
  void aForeignLimitAboveTheFloorIsAnOriginalWithTheOldFloor() {
    start(250);
    want(200);
    limit = 180;
    pass(1000);
    assertThat(view().original()).contains(watts(180));
    assertThat(view().allowed().orElseThrow().min()).isEqualTo(watts(150));
  }

  @Test
  void aLeaseThatTheDriverIgnoresEnds() {
    start(250);
    driver = ReadBackTest::ignore;
    Lease.Holder alice = new Lease.Holder("alice", Optional.empty());
    happen(
        new Event.LeaseTaken(
            GPU, Optional.of(watts(120)), alice, now().plusSeconds(10_000), now()));
    pass(100);
    assertThat(engine.snapshot().leases()).isEmpty();
    assertThat(requested).hasSize(3);
  }

  @Test
  void aLeaseGoesBelowTheFloorAndWhatFollowsComesBackAboveIt() {
    start(250);
    driver = ReadBackTest::share;
    Lease.Holder alice = new Lease.Holder("alice", Optional.empty());
    happen(
        new Event.LeaseTaken(GPU, Optional.of(watts(120)), alice, now().plusSeconds(500), now()));
    assertThat(limit).isEqualTo(116.4);
    pass(400);
    assertThat(requested).hasSize(1);
    want(100);
    pass(200);
    assertThat(limit).isBetween(150.0, 151.0);
  }
}
