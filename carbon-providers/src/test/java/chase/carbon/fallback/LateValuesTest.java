package chase.carbon.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackChain.ChainListener;
import chase.carbon.fallback.FallbackChain.LevelChange;
import chase.carbon.fixtures.TestClock;
import chase.carbon.forecast.ForecastScores.ModelScore;
import chase.carbon.forecast.ModelKind;
import chase.carbon.forecast.SeriesForecast;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grids that are measured after their time, and whose value for now is a forecast. */
class LateValuesTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final Duration LATE = Duration.ofMinutes(90);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestClock clock = new TestClock(START.toString());
  private final SeriesForecast own = new SeriesForecast();
  private final Random chance = new Random(LateGrid.SEED);
  private final List<CarbonIntensity> values = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"5", "15"})
  void aProvidersForecastIsScoredByWhatIsMeasuredLaterAlsoWhereNowIsAForecast(int minutes)
      throws Exception {
    LateGrid grid = new LateGrid(Duration.ofMinutes(minutes), LATE, 0.1, clock);
    FallbackChain chain = started(grid);
    goOn(chain, Duration.ofDays(2));
    List<Duration> minutesAhead =
        List.of(Duration.ofMinutes(15), Duration.ofMinutes(30), Duration.ofMinutes(45), HOUR);
    List<Duration> hoursAhead = List.of(HOUR.multipliedBy(4), HOUR.multipliedBy(24));
    for (Duration ahead : minutesAhead) {
      assertThat(error(ModelKind.PROVIDER, ahead)).as("%s", ahead).isCloseTo(0.1, within(1e-6));
    }
    for (Duration ahead : hoursAhead) {
      assertThat(error(ModelKind.PROVIDER, ahead)).as("%s", ahead).isCloseTo(0.1, within(1e-6));
      assertThat(error(ModelKind.MIX, ahead))
          .as("%s, seed %d", ahead, LateGrid.SEED)
          .isBetween(0.01, 0.09);
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 100", "5, 0", "15, 90", "15, 0"})
  void everyMeasuredValueIsLearnedOnceAndInOrder(int minutes, int lateMinutes) throws Exception {
    Duration step = Duration.ofMinutes(minutes);
    LateGrid grid = new LateGrid(step, Duration.ofMinutes(lateMinutes), 0.1, clock);
    FallbackChain chain = started(grid);
    goOn(chain, Duration.ofDays(1));
    List<Instant> learned =
        values.stream()
            .filter(value -> value.provenance().isObserved())
            .map(CarbonIntensity::validFrom)
            .distinct()
            .toList();
    List<Instant> all = new ArrayList<>();
    for (Instant from = learned.getFirst();
        from.isBefore(learned.getLast().plus(step));
        from = from.plus(step)) {
      all.add(from);
    }
    assertThat(learned).isEqualTo(all);
    assertThat(grid.measuredUntil(clock.instant()))
        .isBeforeOrEqualTo(learned.getLast().plus(step).plus(Duration.ofMinutes(30)));
    assertThat(chain.statuses().getFirst().rejected().counts()).isEmpty();
  }

  /** As a grid with values every five minutes is, of which three come at once. */
  @Test
  void thePastIsReadNoOftenerThanSomethingIsMissing() throws Exception {
    LateGrid grid = new LateGrid(FIVE_MINUTES, Duration.ZERO, 0.1, clock);
    FallbackChain chain = started(grid);
    goOn(chain, Duration.ofDays(1));
    assertThat(grid.pastAskedAt()).hasSizeBetween(90, 97);
    LateGrid onTime = new LateGrid(QUARTER, Duration.ZERO, 0.1, clock);
    goOn(started(onTime), Duration.ofDays(1));
    assertThat(onTime.pastAskedAt()).as("seed %d", LateGrid.SEED).isEmpty();
  }

  @Test
  void aMeasuredValueIsNoOlderThanTheForecastForNowBeforeIt() throws Exception {
    LateGrid grid = new LateGrid(FIVE_MINUTES, Duration.ofMinutes(20), 0.1, clock);
    FallbackChain chain = started(grid);
    goOn(chain, Duration.ofHours(6));
    assertThat(values).extracting(value -> value.provenance().label()).contains("forecast");
    assertThat(values).extracting(value -> value.provenance().label()).contains("measured");
    assertThat(chain.statuses().getFirst().rejected().counts()).isEmpty();
    assertThat(chain.statuses().getFirst().failure()).isEmpty();
  }

  @Test
  void aPastThatThePlanLacksIsTriedOnceADayAndTheValueForNowStands() throws Exception {
    LateGrid grid = new LateGrid(QUARTER, LATE, 0.1, clock);
    FallbackChain chain = started(grid);
    grid.failsToTellThePast(FailureReason.ENDPOINT_NOT_IN_PLAN);
    goOn(chain, Duration.ofDays(2));
    assertThat(grid.pastAskedAt()).hasSize(2);
    assertThat(chain.at(clock.instant()).level()).isEqualTo(FallbackLevel.LIVE);
    assertThat(chain.statuses().getFirst().failure()).isEmpty();
  }

  @Test
  void aLateOutlierIsCountedAndNotLearned() throws Exception {
    LateGrid grid = new LateGrid(QUARTER, LATE, 0.1, clock);
    FallbackChain chain = started(grid);
    Instant wrong = clock.instant().plus(HOUR);
    grid.measuresWrongAt(wrong);
    goOn(chain, Duration.ofHours(8));
    assertThat(values)
        .filteredOn(value -> value.provenance().isObserved())
        .extracting(CarbonIntensity::validFrom)
        .doesNotContain(wrong)
        .contains(wrong.plus(QUARTER));
    assertThat(chain.statuses().getFirst().rejected().count(RejectReason.JUMP)).isEqualTo(1);
  }

  /** The forecast, the guard and the listener have it in order, as if it had been stored. */
  @Test
  void theFirstValueCountsBeforeThePastIsReadAndIsLearnedAfterIt() throws Exception {
    LateGrid grid = new LateGrid(FIVE_MINUTES, Duration.ZERO, 0.1, clock);
    FallbackChain chain = chain(grid);
    chain.pollFirst();
    assertThat(grid.pastAskedAt()).isEmpty();
    assertThat(values).isEmpty();
    assertThat(chain.isUnlearned()).isTrue();
    CarbonIntensity first = chain.at(clock.instant()).current().orElseThrow();
    assertThat(chain.nextPoll(clock.instant())).isEqualTo(clock.instant());
    List<CarbonIntensity> past =
        grid.history(START.minus(Duration.ofDays(7)), START.minus(FIVE_MINUTES));
    grid.pastAskedAt().clear();
    assertThat(chain.learnMissing(past)).isEqualTo(past);
    assertThat(chain.at(clock.instant()).current()).contains(first);
    chain.poll();
    assertThat(chain.isUnlearned()).isFalse();
    assertThat(grid.pastAskedAt()).isEmpty();
    assertThat(values).containsExactly(first);
    List<CarbonIntensity> late = chain.at(clock.instant()).forecast();

    SeriesForecast stored = new SeriesForecast();
    FallbackChain other = chain(grid, stored);
    other.learn(past);
    other.poll();
    assertThat(late).isNotEmpty().isEqualTo(other.at(clock.instant()).forecast());
    assertThat(own.points()).isEqualTo(stored.points());
    goOn(chain, Duration.ofDays(1));
    assertThat(chain.statuses().getFirst().rejected().counts()).isEmpty();
  }

  @Test
  void aWrongValueIsRejectedByAPastThatWasReadAfterTheFirst() throws Exception {
    LateGrid grid = new LateGrid(FIVE_MINUTES, Duration.ZERO, 0.1, clock);
    FallbackChain chain = chain(grid);
    chain.pollFirst();
    chain.learnMissing(grid.history(START.minus(Duration.ofDays(7)), START.minus(FIVE_MINUTES)));
    Instant wrong = START.plus(FIVE_MINUTES.multipliedBy(2));
    grid.measuresWrongAt(wrong);
    goOn(chain, FIVE_MINUTES.multipliedBy(4));
    assertThat(values).extracting(CarbonIntensity::validFrom).doesNotContain(wrong);
    assertThat(chain.statuses().getFirst().rejected().count(RejectReason.JUMP)).isPositive();
  }

  @Test
  void anOutageIsLearnedFromAfterItsEnd() throws Exception {
    LateGrid grid = new LateGrid(QUARTER, LATE, 0.1, clock);
    FallbackChain chain = started(grid);
    clock.pass(HOUR.multipliedBy(10));
    chain.poll();
    assertThat(values)
        .filteredOn(value -> value.provenance() instanceof Provenance.Measured)
        .hasSize(40);
  }

  private FallbackChain started(LateGrid grid) throws Exception {
    FallbackChain chain = chain(grid);
    Instant now = clock.instant();
    chain.learn(grid.history(now.minus(Duration.ofDays(7)), now));
    grid.pastAskedAt().clear();
    return chain;
  }

  private void goOn(FallbackChain chain, Duration howLong) throws InterruptedException {
    Instant end = clock.instant().plus(howLong);
    while (clock.instant().isBefore(end)) {
      Instant now = clock.instant();
      Duration wait = Duration.between(now, chain.nextPoll(now));
      clock.pass(wait.isPositive() ? wait : Duration.ofSeconds(1));
      chain.poll();
      chain.at(clock.instant());
    }
  }

  private double error(ModelKind model, Duration ahead) {
    return own.scores().scores().stream()
        .filter(score -> score.model() == model && score.horizon().equals(ahead))
        .mapToDouble(ModelScore::errorRatio)
        .findFirst()
        .orElseThrow();
  }

  private FallbackChain chain(LateGrid grid) {
    return chain(grid, own);
  }

  private FallbackChain chain(LateGrid grid, SeriesForecast forecast) {
    return new FallbackChain(
        List.of(grid),
        Optional.empty(),
        forecast,
        FallbackRules.defaults(Margin.AVERAGE, Duration.ofHours(2)),
        PollPolicy.live(FIVE_MINUTES),
        clock,
        chance::nextDouble,
        new ChainListener() {
          @Override
          public void onValue(CarbonIntensity value) {
            values.add(value);
          }

          @Override
          public void onLevelChange(LevelChange change) {}
        });
  }
}
