package chase.carbon.plausibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestIntensities;
import chase.carbon.plausibility.RejectedValues.RejectedValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlausibilityGuardTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final SignalKind LIFECYCLE =
      new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
  private static final SignalKind DIRECT = new SignalKind(Margin.AVERAGE, EmissionScope.DIRECT);
  private static final SignalKind MARGINAL = new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  private final long seed = Long.getLong("chase.seed", 20_260_301L);
  private final Random random = new Random(seed);
  private PlausibilityGuard guard = new PlausibilityGuard(LIFECYCLE);

  @ParameterizedTest
  @CsvSource({"3.9, true", "4, false", "1500, false", "1501, true"})
  void anAverageThatNoGridEmitsIsRejected(double grams, boolean rejected) {
    Optional<RejectedValue> rejection =
        check(new TestIntensities(LIFECYCLE, HOUR, START).of(grams));
    assertThat(rejection.isPresent()).isEqualTo(rejected);
    assertThat(guard.rejected().count(RejectReason.RANGE)).isEqualTo(rejected ? 1 : 0);
  }

  @Test
  void theReasonIsOneLineThatNamesTheNumber() {
    Optional<RejectedValue> rejection = check(new TestIntensities(LIFECYCLE, HOUR, START).of(2200));
    assertThat(rejection.orElseThrow().message())
        .isEqualTo("grid X: 2200 gCO2/kWh lies outside 4 to 1500 gCO2/kWh");
    assertThat(guard.rejected().last()).isEqualTo(rejection);
    assertThat(check(new TestIntensities(LIFECYCLE, HOUR, START).of(0.39)).orElseThrow().message())
        .isEqualTo("grid X: 0.39 gCO2/kWh lies outside 4 to 1500 gCO2/kWh");
  }

  @Test
  void aNumberOfAnotherKindIsRejected() {
    Optional<RejectedValue> rejected = check(new TestIntensities(MARGINAL, HOUR, START).of(300));
    assertThat(rejected.orElseThrow().message())
        .isEqualTo("grid X: 300 gCO2/kWh is marginal, direct, not average, lifecycle");
  }

  @Test
  void aSandboxesNumberIsMadeUp() {
    Provenance sandbox = new Provenance.Estimated("SANDBOX_MODE_DATA");
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    assertRejected(guard, series.sample(START, 300, START, sandbox), RejectReason.SANDBOX);
  }

  @Test
  void aNumberThatComesAgainIsCheckedOnce() {
    CarbonIntensity wrong = new TestIntensities(LIFECYCLE, HOUR, START).of(1);
    assertThat(check(wrong)).isEqualTo(check(wrong)).isPresent();
    assertThat(guard.rejected().counts()).containsOnly(entry(RejectReason.RANGE, 1L));
  }

  @Test
  void anEarlierPeriodOrPublicationIsBackDated() {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    Instant later = START.plus(HOUR);
    assertThat(guard.check(series.at(later, 300, later), later)).isEmpty();
    assertThat(guard.check(series.at(START, 310, START), later)).isPresent();
    assertThat(guard.check(series.at(later, 320, later.minusSeconds(1)), later)).isPresent();
    assertThat(guard.rejected().count(RejectReason.BACK_DATED)).isEqualTo(2);
    assertThat(guard.check(series.at(later, 320, later.plusSeconds(1)), later)).isEmpty();
  }

  @Test
  void theRunningPeriodMayFollowTheComingOne() {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    Instant coming = START.plus(HOUR);
    assertThat(guard.check(series.at(coming, 300, START), START)).isEmpty();
    assertThat(guard.check(series.at(START, 310, START), START)).isEmpty();
  }

  @Test
  void aNumberFromTheFutureIsHeldUntilItsTimeHasCome() {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    CarbonIntensity tomorrow = series.at(START.plus(Duration.ofDays(1)), 300, START);
    assertThat(guard.check(tomorrow, START)).isPresent();
    assertThat(guard.check(tomorrow, START.plus(HOUR))).isPresent();
    assertThat(guard.rejected().count(RejectReason.FUTURE_DATED)).isEqualTo(1);
    assertThat(guard.check(tomorrow, tomorrow.validFrom())).isEmpty();
    CarbonIntensity published = series.at(tomorrow.validTo(), 300, START.plus(Duration.ofDays(9)));
    assertThat(guard.check(published, tomorrow.validTo())).isPresent();
  }

  /** A quarter of an hour at 45 g/kWh in every three quarters: Home Assistant core #150676. */
  @Test
  void aFlappingFeedIsRejectedAndItsGoodNumbersAreNot() {
    TestIntensities series = new TestIntensities(LIFECYCLE, FIVE_MINUTES, START);
    run(series, 288, () -> 300 + 20 * random.nextGaussian());
    for (int round = 0; round < 20; round++) {
      run(series, 6, () -> 300 + 20 * random.nextGaussian());
      for (int i = 0; i < 3; i++) {
        assertRejected(guard, series.of(45), RejectReason.JUMP);
      }
    }
    assertThat(guard.rejected().counts()).containsOnly(entry(RejectReason.JUMP, 60L));
  }

  @Test
  void poundsTakenForGramsAreRejected() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities series = new TestIntensities(DIRECT, HOUR, START);
    run(series, 200, () -> 400 + 15 * random.nextGaussian());
    assertRejected(guard, series.of(400 * 2.2046), RejectReason.JUMP);
  }

  @ParameterizedTest
  @CsvSource({"PT1H, 2", "PT30M, 2", "PT5M, 6"})
  void aRealJumpIsBelievedOnceThePeriodsAfterItConfirmIt(Duration period, int confirmations) {
    TestIntensities series = new TestIntensities(LIFECYCLE, period, START);
    run(series, 300, () -> 300 + 10 * random.nextGaussian());
    for (int i = 0; i < confirmations; i++) {
      assertRejected(guard, series.of(90 + random.nextDouble()), RejectReason.JUMP);
    }
    assertThat(check(series.of(91))).isEmpty();
    assertThat(check(series.of(95))).isEmpty();
  }

  @Test
  void theSamePeriodAgainConfirmsNothing() {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    run(series, 300, () -> 300 + 10 * random.nextGaussian());
    Instant hour = series.next();
    for (int i = 0; i < 12; i++) {
      CarbonIntensity value = series.at(hour, 45 + 0.1 * i, hour.plusSeconds(60L * i));
      assertRejected(guard, value, RejectReason.JUMP);
    }
    assertThat(check(series.of(301))).isEmpty();
  }

  @Test
  void marginalSignalsJumpForReal() {
    guard = new PlausibilityGuard(MARGINAL);
    TestIntensities series = new TestIntensities(MARGINAL, FIVE_MINUTES, START);
    for (int i = 0; i < 5000; i++) {
      double grams = random.nextInt(4) == 0 ? 35 : 460;
      assertThat(check(series.of(grams + random.nextDouble()))).as("seed %d", seed).isEmpty();
    }
    run(series, 300, () -> 450 + 5 * random.nextGaussian());
    assertThat(check(series.of(36))).isEmpty();
    assertRejected(guard, series.of(1400), RejectReason.JUMP);
  }

  @Test
  void aFrozenFeedIsRejectedUntilItMoves() {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    run(series, 300, () -> 300 + 20 * random.nextGaussian());
    run(series, 25, () -> 287);
    assertRejected(guard, series.of(287), RejectReason.FLAT_LINE);
    assertRejected(guard, series.of(287), RejectReason.FLAT_LINE);
    assertThat(check(series.of(290))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT5M, 72", "PT30M, 24", "PT1H, 24"})
  void howLongAFeedMayStandStillDependsOnItsPeriod(Duration period, int periods) {
    TestIntensities series = new TestIntensities(LIFECYCLE, period, START);
    run(series, 336, () -> 300 + 20 * random.nextGaussian());
    run(series, periods + 1, () -> 287);
    assertRejected(guard, series.of(287), RejectReason.FLAT_LINE);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9, 0.99, 0.999})
  void aGridThatHardlyMovesIsNeverTakenForFrozen(double stillness) {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    double grams = 460;
    long rejected = 0;
    for (int i = 0; i < 8760; i++) {
      grams += random.nextDouble() < stillness ? 0 : random.nextInt(3) - 1;
      rejected += check(series.of(grams)).isPresent() ? 1 : 0;
    }
    assertThat(rejected).as("seed %d", seed).isZero();
  }

  @Test
  void aGridThatNeverMovesIsBelieved() {
    run(new TestIntensities(LIFECYCLE, HOUR, START), 2000, () -> 650);
  }

  @Test
  void whatStaysForAWeekIsHowTheGridIsNow() {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    run(series, 300, () -> 300 + 20 * random.nextGaussian());
    for (int i = 0; i < 24 * 7 + 2; i++) {
      check(series.of(650.0));
    }
    assertThat(guard.rejected().count(RejectReason.FLAT_LINE)).isPositive();
    run(series, 500, () -> 650);
  }

  @Test
  void theStoredPastTeachesTheFirstCheck() {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    guard.learn(random.doubles(100, 290, 310).mapToObj(series::of).toList());
    assertRejected(guard, series.of(45), RejectReason.JUMP);
  }

  @Test
  void aLongHoleMakesNoJump() {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    run(series, 200, () -> 300 + 10 * random.nextGaussian());
    series.skip(13);
    assertThat(check(series.of(100))).isEmpty();
  }

  /** Sun, wind and demand in rough: a deep daily valley, weather that drifts, noise. */
  @ParameterizedTest
  @CsvSource({"20, 0.1", "120, 0.5", "300, 0.8", "500, 0.3"})
  void aGridThatSwingsIsLeftAlone(double level, double depth) {
    TestIntensities series = new TestIntensities(LIFECYCLE, HOUR, START);
    double weather = 0;
    long rejected = 0;
    for (int hour = 0; hour < 8760; hour++) {
      weather = 0.97 * weather + 0.08 * random.nextGaussian();
      double sun = Math.max(0, Math.sin(Math.PI * (hour % 24 - 6) / 12));
      double grams = level * (1 - depth * sun) * Math.exp(weather) + random.nextDouble();
      rejected += check(series.of(Math.max(4, grams))).isPresent() ? 1 : 0;
    }
    assertThat(rejected).as("seed %d", seed).isLessThanOrEqualTo(4);
  }

  private void run(TestIntensities series, int periods, DoubleSupplier grams) {
    for (int i = 0; i < periods; i++) {
      assertThat(check(series.of(grams.getAsDouble()))).as("seed %d, %d", seed, i).isEmpty();
    }
  }

  private Optional<RejectedValue> check(CarbonIntensity value) {
    return guard.check(value, value.validFrom());
  }

  private static void assertRejected(
      PlausibilityGuard guard, CarbonIntensity value, RejectReason reason) {
    Optional<RejectedValue> rejection = guard.check(value, value.publishedAt());
    assertThat(rejection.map(RejectedValue::reason)).contains(reason);
  }
}
