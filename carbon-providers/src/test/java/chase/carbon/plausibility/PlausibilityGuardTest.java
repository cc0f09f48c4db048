package chase.carbon.plausibility;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.Margin;
import chase.carbon.SignalKind.Scope;
import chase.carbon.fixtures.TestIntensities;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlausibilityGuardTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final SignalKind LIFECYCLE = new SignalKind(Margin.AVERAGE, Scope.LIFECYCLE);
  private static final SignalKind DIRECT = new SignalKind(Margin.AVERAGE, Scope.DIRECT);
  private static final SignalKind MARGINAL = new SignalKind(Margin.MARGINAL, Scope.DIRECT);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  private final long seed = Long.getLong("chase.seed", 20_260_301L);
  private final Random random = new Random(seed);
  private PlausibilityGuard guard = new PlausibilityGuard(LIFECYCLE);

  @ParameterizedTest
  @CsvSource({"3.9, true", "4, false", "1500, false", "1501, true"})
  void anAverageThatNoGridEmitsIsHeldBack(double grams, boolean held) {
    Optional<RejectedValues.RejectedValue> verdict =
        judge(new TestIntensities(LIFECYCLE, HOUR, START).of(grams));
    assertThat(verdict.isPresent()).isEqualTo(held);
    assertThat(guard.rejected().count(RejectReason.RANGE)).isEqualTo(held ? 1 : 0);
  }

  @Test
  void theReasonIsOneLineThatNamesTheNumber() {
    Optional<RejectedValues.RejectedValue> verdict =
        judge(new TestIntensities(LIFECYCLE, HOUR, START).of(2200));
    assertThat(verdict.orElseThrow().message())
        .isEqualTo("grid X: 2200 gCO2/kWh lies outside 4 to 1500 gCO2/kWh");
    assertThat(guard.rejected().last()).isEqualTo(verdict);
  }

  @Test
  void aMarginalSignalMayBeNothingButNotZeroOfALifecycleAverage() {
    assertDoubt(guard, new TestIntensities(LIFECYCLE, HOUR, START).of(0), RejectReason.ZERO);
    guard = new PlausibilityGuard(MARGINAL);
    assertThat(judge(new TestIntensities(MARGINAL, FIVE_MINUTES, START).of(0))).isEmpty();
  }

  @Test
  void aDirectZeroIsBelievedOnlyBesideNumbersNearIt() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities dirty = new TestIntensities(DIRECT, HOUR, START);
    run(dirty, 48, () -> 300 + random.nextDouble());
    assertDoubt(guard, dirty.of(0), RejectReason.ZERO);

    guard = new PlausibilityGuard(DIRECT);
    TestIntensities clean = new TestIntensities(DIRECT, HOUR, START);
    assertThat(judge(clean.of(2))).isEmpty();
    assertThat(judge(clean.of(0))).isEmpty();
  }

  /** A region of wind: its numbers sink, are zero for hours, and rise again. */
  @Test
  void aZeroIsBelievedThatSmallNumbersLeadTo() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities course = new TestIntensities(DIRECT, Duration.ofMinutes(30), START);
    guard.learn(IntStream.range(0, 600).mapToObj(i -> course.of(8 + i % 7)).toList());
    assertThat(judge(course.of(9))).isEmpty();
    run(course, 5, () -> 0);
    assertThat(judge(course.of(3))).isEmpty();
    assertThat(guard.rejected().total()).isZero();
  }

  @Test
  void aZeroOutOfNowhereIsHeldBackThoughTheRegionWasAtZeroBefore() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities course = new TestIntensities(DIRECT, HOUR, START);
    run(course, 3, () -> 2);
    run(course, 3, () -> 0);
    guard.learn(IntStream.range(0, 40).mapToObj(i -> course.of(10 * i)).toList());
    assertDoubt(guard, course.of(0), RejectReason.ZERO);
    assertDoubt(guard, course.of(0), RejectReason.ZERO);
  }

  @Test
  void aZeroIsBelievedThatTheProvidersOwnForecastBearsOut() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities course = new TestIntensities(DIRECT, HOUR, START);
    CarbonIntensity zero = course.of(0);
    assertDoubt(guard, zero, RejectReason.ZERO);
    guard.learnForecast(Stream.of(0.0, 0.0, 1.0, 3.0).map(course::of).toList());
    assertThat(guard.reconsidered(START)).contains(zero);
  }

  @Test
  void aForecastOfNothingButZerosBearsNothingOut() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities course = new TestIntensities(DIRECT, HOUR, START);
    assertThat(judge(course.of(300))).isEmpty();
    CarbonIntensity zero = course.of(0);
    List<CarbonIntensity> zeros = Stream.of(0.0, 0.0, 0.0).map(course::of).toList();
    assertThat(guard.plausible(zeros, START)).isEmpty();
    guard.learnForecast(zeros);
    assertDoubt(guard, zero, RejectReason.ZERO);
    assertThat(guard.reconsidered(zero.validFrom())).isEmpty();
  }

  @Test
  void theZerosOfAForecastAreBelievedWhereItComesToThemBySmallNumbers() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities course = new TestIntensities(DIRECT, HOUR, START);
    List<CarbonIntensity> ahead =
        Stream.of(0.0, 0.0, 3.0, 40.0, 300.0, 0.0, 310.0, 12.0, 0.0).map(course::of).toList();
    assertThat(guard.plausible(ahead, START))
        .extracting(point -> point.value().value())
        .containsExactly(0.0, 0.0, 3.0, 40.0, 300.0, 310.0, 12.0, 0.0);
    assertThat(guard.rejected().count(RejectReason.ZERO)).isEqualTo(1);
  }

  @Test
  void aZeroInThePastIsLearnedFromOnlyBesideSmallNumbers() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities course = new TestIntensities(DIRECT, HOUR, START);
    List<CarbonIntensity> past =
        Stream.of(300.0, 0.0, 290.0, 20.0, 6.0, 0.0, 0.0, 200.0).map(course::of).toList();
    assertThat(guard.learn(past))
        .extracting(sample -> sample.value().value())
        .containsExactly(300.0, 290.0, 20.0, 6.0, 0.0, 0.0, 200.0);
  }

  @Test
  void aRecordingsZeroIsWhatItsFileSays() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities course = new TestIntensities(DIRECT, HOUR, START);
    CarbonIntensity played = course.sample(START, 0, START, new Provenance.Replayed(START));
    assertThat(judge(played)).isEmpty();
  }

  @Test
  void aNumberOfAnotherKindIsHeldBack() {
    Optional<RejectedValues.RejectedValue> held =
        judge(new TestIntensities(MARGINAL, HOUR, START).of(300));
    assertThat(held.orElseThrow().message())
        .isEqualTo("grid X: 300 gCO2/kWh is marginal, direct, not average, lifecycle");
  }

  @Test
  void aSandboxesNumberIsMadeUp() {
    Provenance sandbox = new Provenance.Estimated("SANDBOX_MODE_DATA");
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    assertDoubt(guard, course.sample(START, 300, START, sandbox), RejectReason.SANDBOX);
  }

  @Test
  void aNumberThatComesAgainIsJudgedOnce() {
    CarbonIntensity wrong = new TestIntensities(LIFECYCLE, HOUR, START).of(1);
    assertThat(judge(wrong)).isEqualTo(judge(wrong)).isPresent();
    assertThat(guard.rejected().total()).isEqualTo(1);
  }

  @Test
  void anEarlierPeriodOrPublicationIsBackDated() {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    Instant later = START.plus(HOUR);
    assertThat(guard.check(course.at(later, 300, later), later)).isEmpty();
    assertThat(guard.check(course.at(START, 310, START), later)).isPresent();
    assertThat(guard.check(course.at(later, 320, later.minusSeconds(1)), later)).isPresent();
    assertThat(guard.rejected().count(RejectReason.BACK_DATED)).isEqualTo(2);
    assertThat(guard.check(course.at(later, 320, later.plusSeconds(1)), later)).isEmpty();
  }

  @Test
  void theRunningPeriodMayFollowTheComingOne() {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    Instant coming = START.plus(HOUR);
    assertThat(guard.check(course.at(coming, 300, START), START)).isEmpty();
    assertThat(guard.check(course.at(START, 310, START), START)).isEmpty();
  }

  @Test
  void aNumberFromTheFutureIsHeldUntilItsTimeHasCome() {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    CarbonIntensity tomorrow = course.at(START.plus(Duration.ofDays(1)), 300, START);
    assertThat(guard.check(tomorrow, START)).isPresent();
    assertThat(guard.check(tomorrow, START.plus(HOUR))).isPresent();
    assertThat(guard.rejected().count(RejectReason.FUTURE_DATED)).isEqualTo(1);
    assertThat(guard.check(tomorrow, tomorrow.validFrom())).isEmpty();
    CarbonIntensity published = course.at(tomorrow.validTo(), 300, START.plus(Duration.ofDays(9)));
    assertThat(guard.check(published, tomorrow.validTo())).isPresent();
  }

  /** A quarter of an hour at 45 g/kWh in every three quarters: Home Assistant core #150676. */
  @Test
  void aFlappingFeedIsHeldBackAndItsGoodNumbersAreNot() {
    TestIntensities course = new TestIntensities(LIFECYCLE, FIVE_MINUTES, START);
    run(course, 288, () -> 300 + 20 * random.nextGaussian());
    for (int round = 0; round < 20; round++) {
      run(course, 6, () -> 300 + 20 * random.nextGaussian());
      for (int i = 0; i < 3; i++) {
        assertDoubt(guard, course.of(45), RejectReason.JUMP);
      }
    }
    assertThat(guard.rejected().total()).isEqualTo(60);
  }

  @Test
  void poundsTakenForGramsAreHeldBack() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities course = new TestIntensities(DIRECT, HOUR, START);
    run(course, 200, () -> 400 + 15 * random.nextGaussian());
    assertDoubt(guard, course.of(400 * 2.2046), RejectReason.JUMP);
  }

  @ParameterizedTest
  @CsvSource({"PT1H, 2", "PT30M, 2", "PT5M, 6"})
  void aRealJumpIsBelievedOnceThePeriodsAfterItConfirmIt(Duration period, int confirmations) {
    TestIntensities course = new TestIntensities(LIFECYCLE, period, START);
    run(course, 300, () -> 300 + 10 * random.nextGaussian());
    for (int i = 0; i < confirmations; i++) {
      assertDoubt(guard, course.of(90 + random.nextDouble()), RejectReason.JUMP);
    }
    assertThat(judge(course.of(91))).isEmpty();
    assertThat(judge(course.of(95))).isEmpty();
  }

  @Test
  void theSamePeriodAgainConfirmsNothing() {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    run(course, 300, () -> 300 + 10 * random.nextGaussian());
    Instant hour = course.next();
    for (int i = 0; i < 12; i++) {
      CarbonIntensity sample = course.at(hour, 45 + 0.1 * i, hour.plusSeconds(60L * i));
      assertDoubt(guard, sample, RejectReason.JUMP);
    }
    assertThat(judge(course.of(301))).isEmpty();
  }

  @Test
  void marginalSignalsJumpForReal() {
    guard = new PlausibilityGuard(MARGINAL);
    TestIntensities course = new TestIntensities(MARGINAL, FIVE_MINUTES, START);
    for (int i = 0; i < 5000; i++) {
      double grams = random.nextInt(4) == 0 ? 35 : 460;
      assertThat(judge(course.of(grams + random.nextDouble()))).as("seed %d", seed).isEmpty();
    }
    run(course, 300, () -> 450 + 5 * random.nextGaussian());
    assertThat(judge(course.of(36))).isEmpty();
    assertDoubt(guard, course.of(1400), RejectReason.JUMP);
  }

  @Test
  void aFrozenFeedIsHeldBackUntilItMoves() {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    run(course, 300, () -> 300 + 20 * random.nextGaussian());
    run(course, 25, () -> 287);
    assertDoubt(guard, course.of(287), RejectReason.FLAT_LINE);
    assertDoubt(guard, course.of(287), RejectReason.FLAT_LINE);
    assertThat(judge(course.of(290))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT5M, 72", "PT30M, 24", "PT1H, 24"})
  void howLongAFeedMayStandStillDependsOnItsPeriod(Duration period, int periods) {
    TestIntensities course = new TestIntensities(LIFECYCLE, period, START);
    run(course, 336, () -> 300 + 20 * random.nextGaussian());
    run(course, periods + 1, () -> 287);
    assertDoubt(guard, course.of(287), RejectReason.FLAT_LINE);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9, 0.99, 0.999})
  void aGridThatHardlyMovesIsNeverTakenForFrozen(double stillness) {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    double grams = 460;
    long held = 0;
    for (int i = 0; i < 8760; i++) {
      grams += random.nextDouble() < stillness ? 0 : random.nextInt(3) - 1;
      held += judge(course.of(grams)).isPresent() ? 1 : 0;
    }
    assertThat(held).as("seed %d", seed).isZero();
  }

  @Test
  void aGridThatNeverMovesIsBelieved() {
    run(new TestIntensities(LIFECYCLE, HOUR, START), 2000, () -> 650);
  }

  @Test
  void whatStaysForAWeekIsHowTheGridIsNow() {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    run(course, 300, () -> 300 + 20 * random.nextGaussian());
    for (int i = 0; i < 24 * 7 + 2; i++) {
      judge(course.of(650.0));
    }
    assertThat(guard.rejected().count(RejectReason.FLAT_LINE)).isPositive();
    run(course, 500, () -> 650);
  }

  @Test
  void theStoredPastTeachesTheFirstJudgement() {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    guard.learn(random.doubles(100, 290, 310).mapToObj(course::of).toList());
    assertDoubt(guard, course.of(45), RejectReason.JUMP);
  }

  @Test
  void aLongHoleMakesNoJump() {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    run(course, 200, () -> 300 + 10 * random.nextGaussian());
    course.skip(13);
    assertThat(judge(course.of(100))).isEmpty();
  }

  /** Sun, wind and demand in rough: a deep daily valley, weather that drifts, noise. */
  @ParameterizedTest
  @CsvSource({"20, 0.1", "120, 0.5", "300, 0.8", "500, 0.3"})
  void aGridThatSwingsIsLeftAlone(double level, double depth) {
    TestIntensities course = new TestIntensities(LIFECYCLE, HOUR, START);
    double weather = 0;
    long held = 0;
    for (int hour = 0; hour < 8760; hour++) {
      weather = 0.97 * weather + 0.08 * random.nextGaussian();
      double sun = Math.max(0, Math.sin(Math.PI * (hour % 24 - 6) / 12));
      double grams = level * (1 - depth * sun) * Math.exp(weather) + random.nextDouble();
      held += judge(course.of(Math.max(4, grams))).isPresent() ? 1 : 0;
    }
    assertThat(held).as("seed %d", seed).isLessThanOrEqualTo(4);
  }

  private void run(TestIntensities course, int periods, DoubleSupplier grams) {
    for (int i = 0; i < periods; i++) {
      assertThat(judge(course.of(grams.getAsDouble()))).as("seed %d, %d", seed, i).isEmpty();
    }
  }

  private Optional<RejectedValues.RejectedValue> judge(CarbonIntensity sample) {
    return guard.check(sample, sample.validFrom());
  }

  private static void assertDoubt(
      PlausibilityGuard guard, CarbonIntensity sample, RejectReason doubt) {
    Optional<RejectedValues.RejectedValue> verdict = guard.check(sample, sample.publishedAt());
    assertThat(verdict.map(RejectedValues.RejectedValue::reason)).contains(doubt);
  }
}
