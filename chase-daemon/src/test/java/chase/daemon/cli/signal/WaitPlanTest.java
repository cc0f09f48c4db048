package chase.daemon.cli.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chase.daemon.cli.signal.WaitPlan.GridReading;
import chase.daemon.cli.signal.WaitPlan.WaitDecision;
import chase.daemon.cli.signal.WaitPlan.WaitState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitPlanTest {
  private static final Instant NOON = TestReadings.NOON;

  private static WaitDecision decide(String goal, Duration deadline, GridReading reading) {
    return plan(goal, deadline, false).decide(Optional.of(reading), NOON);
  }

  private static WaitPlan plan(String text, Duration deadline, boolean startsUnknown) {
    WaitGoal goal = WaitGoal.parse(text);
    return new WaitPlan(goal, NOON.plus(deadline).minus(goal.length()), startsUnknown);
  }

  private static Instant at(double hours) {
    return NOON.plus(Duration.ofSeconds(Math.round(3600 * hours)));
  }

  @Test
  void belowStartsAtOnceWhereTheGridIsCleanNow() {
    WaitDecision now = decide("below:200", Duration.ofHours(6), TestReadings.hourly(199.9, 400));
    assertThat(now).isEqualTo(new WaitDecision(WaitState.MET, NOON, "it is at 199.9 gCO2/kWh"));
    assertThat(decide("below:200", Duration.ofHours(6), TestReadings.hourly(200, 400)).state())
        .isEqualTo(WaitState.NOT_EXPECTED);
  }

  @Test
  void belowWaitsForTheFirstPeriodThatIsBelow() {
    GridReading falling = TestReadings.hourly(412, 300, 180, 90);
    assertThat(decide("below:200", Duration.ofHours(6), falling))
        .isEqualTo(
            new WaitDecision(
                WaitState.EXPECTED,
                at(2),
                "it is at 412 gCO2/kWh, and it will be at 180 gCO2/kWh"));
  }

  @Test
  void whatIsExpectedAfterTheDeadlineIsNotWaitedFor() {
    GridReading falling = TestReadings.hourly(412, 300, 180, 90);
    WaitDecision tooLate = decide("below:100", Duration.ofHours(2), falling);
    assertThat(tooLate.state()).isEqualTo(WaitState.NOT_EXPECTED);
    assertThat(tooLate.at()).isEqualTo(at(2));
    assertThat(tooLate.why())
        .isEqualTo("it is at 412 gCO2/kWh, and that is not expected before the deadline");
    assertThat(decide("below:10", Duration.ofHours(9), falling).why())
        .endsWith("before the deadline (the outlook ends at 2026-11-23T16:00:00Z)");
  }

  @Test
  void cleanestIsTheStartOfTheLowestMean() {
    GridReading night = TestReadings.hourly(400, 300, 120, 100, 140, 500);
    WaitDecision two = decide("cleanest:2h", Duration.ofHours(6), night);
    assertThat(two)
        .isEqualTo(
            new WaitDecision(
                WaitState.EXPECTED,
                at(2),
                "its mean is 110 gCO2/kWh, at once it would be 350 gCO2/kWh"));
    assertThat(decide("cleanest:1h", Duration.ofHours(6), night).at()).isEqualTo(at(3));
  }

  /** A window may begin inside a period: 90 minutes end with the last clean minute. */
  @Test
  void cleanestMayBeginInsideAPeriod() {
    GridReading night = TestReadings.hourly(400, 300, 120, 100, 500);
    assertThat(decide("cleanest:90m", Duration.ofHours(5), night).at()).isEqualTo(at(2.5));
  }

  @Test
  void cleanestFitsBeforeTheDeadline() {
    GridReading falling = TestReadings.hourly(400, 300, 200, 100, 50, 20);
    assertThat(decide("cleanest:2h", Duration.ofHours(4), falling).at()).isEqualTo(at(2));
  }

  @Test
  void ofWindowsThatAreAsCleanAsEachOtherTheFirstIsTaken() {
    GridReading flat = TestReadings.hourly(200.5, 200, 199.9, 200);
    assertThat(decide("cleanest:1h", Duration.ofHours(4), flat).state()).isEqualTo(WaitState.MET);
  }

  @Test
  void aGapInTheForecastIsNoPartOfAWindow() {
    GridReading gap = TestReadings.hourly(400, 300, Double.NaN, 100, 90);
    assertThat(decide("cleanest:2h", Duration.ofHours(5), gap).at()).isEqualTo(at(3));
    assertThat(decide("cleanest:3h", Duration.ofHours(5), gap).state())
        .isEqualTo(WaitState.UNKNOWN);
  }

  @Test
  void withoutAForecastCleanestSaysHowFarItSees() {
    WaitDecision blind = decide("cleanest:2h", Duration.ofHours(6), TestReadings.hourly(400));
    assertThat(blind)
        .isEqualTo(
            new WaitDecision(
                WaitState.UNKNOWN,
                at(4),
                "no forecast reaches that far (the outlook ends at 2026-11-23T13:00:00Z)"));
    assertThat(decide("below:500", Duration.ofHours(6), TestReadings.hourly(400)).state())
        .isEqualTo(WaitState.MET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"below:200", "cleanest:2h", "policy"})
  void withoutASignalItWaitsForTheDeadlineUnlessItIsToRun(String goal) {
    GridReading dark = TestReadings.untrusted(400);
    Duration deadline = Duration.ofHours(6);
    WaitPlan waits = plan(goal, deadline, false);
    assertThat(waits.decide(Optional.of(dark), NOON).state()).isEqualTo(WaitState.UNKNOWN);
    assertThat(waits.decide(Optional.empty(), NOON).why()).isEqualTo("no daemon answers");
    assertThat(waits.decide(Optional.of(dark), waits.latest()).state())
        .isEqualTo(WaitState.DEADLINE);
    assertThat(waits.decide(Optional.empty(), at(99)).state()).isEqualTo(WaitState.DEADLINE);
    WaitPlan runs = plan(goal, deadline, true);
    assertThat(runs.decide(Optional.of(dark), NOON).state()).isEqualTo(WaitState.UNKNOWN_START);
    assertThat(runs.decide(Optional.empty(), NOON).state()).isEqualTo(WaitState.UNKNOWN_START);
  }

  @Test
  void aDaemonThatIsGoneIsBelievedAsFarAsItsForecastReached() {
    GridReading old = TestReadings.hourly(412, 300, 180, 90);
    WaitPlan plan = plan("below:200", Duration.ofHours(9), false);
    assertThat(plan.decide(Optional.of(old), at(1.5)).at()).isEqualTo(at(2));
    assertThat(plan.decide(Optional.of(old), at(2)).state()).isEqualTo(WaitState.MET);
    assertThat(plan.decide(Optional.of(old), at(4.5)).state()).isEqualTo(WaitState.UNKNOWN);
    GridReading alone = TestReadings.hourly(100);
    assertThat(plan.decide(Optional.of(alone), at(3)).state()).isEqualTo(WaitState.UNKNOWN);
  }

  /** From 13 o'clock on, when its period is over, and not until the forecast begins at 15. */
  @Test
  void aNumberThatIsLateCountsForAnHour() {
    GridReading late = TestReadings.hourly(90, Double.NaN, Double.NaN, 300);
    GridOutlook outlook = GridOutlook.grams(late.signal(), at(1), at(1));
    assertThat(outlook.at(at(1.9))).contains(90.0);
    assertThat(outlook.at(at(2.1))).isEmpty();
    assertThat(outlook.at(at(3))).contains(300.0);
  }

  @Test
  void aPolicyThatIgnoresTheGridStartsAtOnce() {
    GridReading dirty = TestReadings.under("fixed:300", false, TestReadings.hourly(900, 100));
    assertThat(decide("policy", Duration.ofHours(6), dirty))
        .isEqualTo(
            new WaitDecision(WaitState.MET, NOON, "policy fixed:300 does not look at the grid"));
  }

  @Test
  void policyStartsWhereAJouleWeighsNoMoreThanOnAverage() {
    WaitDecision dirty =
        decide("policy", Duration.ofHours(4), TestReadings.hourly(400, 300, 100, 200));
    assertThat(dirty.state()).isEqualTo(WaitState.EXPECTED);
    assertThat(dirty.at()).isEqualTo(at(2));
    assertThat(dirty.why())
        .isEqualTo("a joule weighs 0.8, on average until then 0.5 (policy budget:0.03)");
    assertThat(decide("policy", Duration.ofHours(4), TestReadings.hourly(200, 300, 400)).state())
        .isEqualTo(WaitState.MET);
  }

  /** Clean now, and dear: money counts three times as much. */
  @Test
  void thePriceCountsAsTheDaemonWeighsIt() {
    GridReading dear = TestReadings.priced(TestReadings.hourly(100, 200, 300), 3, 90, 20, 10);
    WaitDecision decision = decide("policy", Duration.ofHours(3), dear);
    assertThat(decision.at()).isEqualTo(at(1));
    GridOutlook weights = GridOutlook.weights(dear.signal(), NOON, NOON);
    assertThat(weights.at(NOON).orElseThrow())
        .isCloseTo(100 / 500.0 + 3 * 90 / 100.0, within(1e-9));
  }

  @Test
  void aChangeOfLessThanAMinuteIsNone() {
    WaitDecision one = new WaitDecision(WaitState.EXPECTED, NOON, "a");
    assertThat(one.sameAs(new WaitDecision(WaitState.EXPECTED, NOON.plusSeconds(20), "b")))
        .isTrue();
    assertThat(one.sameAs(new WaitDecision(WaitState.EXPECTED, NOON.plusSeconds(90), "a")))
        .isFalse();
    assertThat(one.sameAs(new WaitDecision(WaitState.UNKNOWN, NOON, "a"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "below",
        "below:",
        "below:0",
        "below:-3",
        "below:NaN",
        "below:1e9",
        "below:200g",
        "cleanest",
        "cleanest:",
        "cleanest:0s",
        "cleanest:8d",
        "cleanest:-2h",
        "policy:x",
        "green"
      })
  void aGoalThatIsNoneIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> WaitGoal.parse(text));
  }
}
