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

import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A GPU whose limit an external process sets as well, while Chase wants 160 W of 250 W. Chase reads
 * it every second, and once more before each write.
 */
class RivalTest {
  private static final int HOUR = 3600;

  /** What an external process does every second to a GPU that has a limit. */
  enum Rival {
    /** A Slurm epilog, or Dynamo's power agent when it goes. */
    SETS_THE_DEFAULT,
    SETS_THE_MAXIMUM,
    SETS_THE_MINIMUM,
    SETS_THE_ORIGINAL,
    SETS_WHAT_CHASE_WANTS,
    LOWERS_EVERY_LIMIT_OF_CHASE,
    ALTERNATES,
    NEVER_SETS_THE_SAME;

    double write(double now) {
      return switch (this) {
        case SETS_THE_DEFAULT -> 300;
        case SETS_THE_MAXIMUM -> 290;
        case SETS_THE_MINIMUM -> 100;
        case SETS_THE_ORIGINAL -> 250;
        case SETS_WHAT_CHASE_WANTS -> 160;
        case LOWERS_EVERY_LIMIT_OF_CHASE -> now == 160 ? 155 : now;
        case ALTERNATES -> now == 210 ? 220 : 210;
        case NEVER_SETS_THE_SAME -> now >= 290 ? 200 : now + 1;
      };
    }
  }

  private final Engine engine = new Engine(RULES, PowerPolicy.fixed(watts(160)), START);
  private final List<Instant> writes = new ArrayList<>();
  private double limit = 250;
  private long second;

  RivalTest() {
    happen(opened(GPU, 250));
  }

  private Instant now() {
    return at(second);
  }

  /** Lets something happen, and Chase write what follows unless the limit has changed. */
  private void happen(Event event) {
    engine.on(event).orders().forEach(this::carryOut);
  }

  private void carryOut(Order order) {
    if (!order.expected().sameLimitAs(watts(limit))) {
      happen(new Event.ForeignLimitFound(GPU, limits(limit), now()));
      return;
    }
    writes.add(now());
    limit = order.limit().value();
    happen(new Event.LimitApplied(GPU, limits(limit), now()));
  }

  private void pass(int seconds, DoubleUnaryOperator rival) {
    pass(seconds, 1, rival);
  }

  private void pass(int seconds, int period, DoubleUnaryOperator rival) {
    for (long end = second + seconds; second < end; second += period) {
      limit = rival.applyAsDouble(limit);
      happen(seen(GPU, limit, now()));
      happen(new Event.TimePassed(now()));
    }
  }

  private void pass(int seconds) {
    pass(seconds, shown -> shown);
  }

  /** An external process sets a limit once. */
  private void overwrite(double watts) {
    limit = watts;
    pass(1);
  }

  private void stop() {
    happen(new Event.Stopping(now()));
    pass(10);
  }

  private GpuView view() {
    return engine.snapshot().gpu(GPU).orElseThrow();
  }

  private Duration handsOffAfter(double foreign) {
    overwrite(foreign);
    return Duration.between(at(second - 1), ((Reason.HandsOff) view().reason()).until());
  }

  /** The next time that Chase writes again after it gave way. */
  private void passUntilChaseWrites() {
    int before = writes.size();
    while (writes.size() == before) {
      pass(10);
    }
  }

  @ParameterizedTest
  @EnumSource(Rival.class)
  void aRivalThatRewritesEverySecondForAnHourMeetsAHandfulOfWrites(Rival rival) {
    pass(HOUR, rival::write);
    assertThat(writes).hasSizeBetween(1, 3);
    double foreign = limit;
    stop();
    assertThat(writes).as("a stop restores nobody's limit over a rival's").hasSizeLessThan(5);
    if (rival != Rival.SETS_WHAT_CHASE_WANTS) {
      assertThat(limit).isEqualTo(foreign);
      assertThat(view().original()).contains(watts(foreign));
    }
  }

  @ParameterizedTest
  @EnumSource(Rival.class)
  void inADayItMeetsNoMoreThanTen(Rival rival) {
    pass(24 * HOUR, 20, rival::write);
    assertThat(writes).hasSizeBetween(1, 10);
  }

  @Test
  void everyExternalLimitInARowIsLeftAloneForTwiceAsLongUpToTheMaximum() {
    pass(1);
    List<Long> minutes = new ArrayList<>();
    for (int times = 1; times <= 7; times++) {
      minutes.add(handsOffAfter(200 + times).toMinutes());
      assertThat(((Reason.HandsOff) view().reason()).inARow()).isEqualTo(times);
      passUntilChaseWrites();
    }
    assertThat(minutes).containsExactly(10L, 20L, 40L, 80L, 160L, 240L, 240L);
    assertThat(view().counts().foreign()).isEqualTo(7);
  }

  @Test
  void aQuietStretchIsForgivenAndAShortOneIsNot() {
    pass(1);
    assertThat(handsOffAfter(210)).hasMinutes(10);
    pass(10 * 60 + 59 * 60);
    assertThat(handsOffAfter(220)).hasMinutes(20);
    pass(20 * 60 + 61 * 60);
    assertThat(handsOffAfter(230)).hasMinutes(10);
  }

  @Test
  void anotherExternalLimitMeanwhileBeginsTheSameWaitAgain() {
    pass(1);
    assertThat(handsOffAfter(210)).hasMinutes(10);
    pass(300);
    assertThat(handsOffAfter(220)).hasMinutes(10);
    pass(599);
    assertThat(writes).hasSize(1);
    pass(2);
    assertThat(writes).hasSize(2);
  }

  @Test
  void noHandsOffTimeIsNoWarEither() {
    SafetyRules eager =
        new SafetyRules(
            SafetyRules.Mode.CONTROL, 0.6, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5));
    Engine hasty = new Engine(eager, PowerPolicy.fixed(watts(160)), START);
    hasty.on(opened(GPU, 250));
    int written = 0;
    for (long passed = 1; passed < HOUR; passed++) {
      for (Order order : hasty.on(seen(GPU, 240, at(passed))).orders()) {
        hasty.on(new Event.LimitApplied(GPU, limits(order.limit().value()), at(passed)));
        written++;
      }
    }
    assertThat(written).isBetween(2, 12);
  }

  @Test
  void aRivalBetweenTheReadAndTheWriteIsCountedOnceAndLeftAlone() {
    happen(new Event.Resumed(now()));
    Order order =
        engine.on(new Event.PolicyChosen(PowerPolicy.fixed(watts(170)), now())).orders().getFirst();
    assertThat(order.expected()).isEqualTo(watts(160));
    happen(seen(GPU, 230, now()));
    happen(new Event.ForeignLimitFound(GPU, limits(230), now()));
    assertThat(view().counts().foreign()).isEqualTo(1);
    assertThat(view().reason()).isInstanceOf(Reason.HandsOff.class);
    assertThat(view().original()).contains(watts(230));
  }

  @Test
  void anOverrideGivesWayAsAPolicyDoes() {
    happen(new Event.OverrideSet(GPU, watts(180), at(24 * HOUR), now()));
    assertThat(limit).isEqualTo(180);
    writes.clear();
    pass(HOUR, Rival.SETS_THE_DEFAULT::write);
    assertThat(writes).hasSizeBetween(1, 3);
  }

  @Test
  void aPauseRestoresNothingOverARival() {
    happen(new Event.Paused(now()));
    assertThat(limit).isEqualTo(250);
    writes.clear();
    pass(HOUR, Rival.LOWERS_EVERY_LIMIT_OF_CHASE::write);
    pass(HOUR, Rival.ALTERNATES::write);
    assertThat(writes).isEmpty();
  }

  @Test
  void aHolderWhoRenewsALeaseEverySecondDoesNotFightARivalByChase() {
    Lease.Holder alice = new Lease.Holder("alice", Optional.empty());
    writes.clear();
    for (int times = 0; times < HOUR; times++) {
      happen(
          new Event.LeaseTaken(GPU, Optional.of(watts(200)), alice, now().plusSeconds(600), now()));
      pass(1, Rival.SETS_THE_DEFAULT::write);
    }
    assertThat(writes).hasSizeBetween(1, 6);
    assertThat(view().reason()).isInstanceOf(Reason.HandsOff.class);
  }

  @Test
  void aGpuThatIsLostAndBackIsLeftAloneAsLongAsBefore() {
    pass(1);
    overwrite(220);
    happen(new Event.GpuLost(GPU, "fell off the bus", now()));
    pass(5);
    happen(new Event.GpuOpened(view().traits(), Optional.of(limits(220)), Optional.empty(), now()));
    pass(500);
    assertThat(writes).hasSize(1);
    pass(200);
    assertThat(writes).hasSize(2);
  }

  @Test
  void anOperatorWhoResumesIsObeyedAtOnceAndTheRowBeginsAnew() {
    pass(1);
    overwrite(220);
    passUntilChaseWrites();
    overwrite(221);
    happen(new Event.Resumed(now()));
    assertThat(limit).isEqualTo(160);
    assertThat(handsOffAfter(222)).hasMinutes(10);
  }

  /** The board's management controller lowers what is in force, not what is requested. */
  @Test
  void aCeilingOfTheBoardIsNoRival() {
    pass(1);
    writes.clear();
    for (int times = 0; times < 100; times++) {
      happen(new Event.LimitApplied(GPU, new PowerLimits(watts(160), watts(120)), at(second)));
      pass(1);
    }
    assertThat(writes).isEmpty();
    assertThat(view().counts().foreign()).isZero();
  }
}
