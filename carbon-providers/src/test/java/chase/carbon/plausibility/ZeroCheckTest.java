package chase.carbon.plausibility;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Zeros: true ones, and missing numbers that were written as zero. */
class ZeroCheckTest {
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

  @Test
  void aMarginalSignalMayBeNothingButNotZeroOfALifecycleAverage() {
    assertRejected(guard, new TestIntensities(LIFECYCLE, HOUR, START).of(0), RejectReason.ZERO);
    guard = new PlausibilityGuard(MARGINAL);
    assertThat(check(new TestIntensities(MARGINAL, FIVE_MINUTES, START).of(0))).isEmpty();
  }

  @Test
  void aDirectZeroIsBelievedOnlyBesideNumbersNearIt() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities dirty = new TestIntensities(DIRECT, HOUR, START);
    run(dirty, 48, () -> 300 + random.nextDouble());
    assertRejected(guard, dirty.of(0), RejectReason.ZERO);

    guard = new PlausibilityGuard(DIRECT);
    TestIntensities clean = new TestIntensities(DIRECT, HOUR, START);
    assertThat(check(clean.of(2))).isEmpty();
    assertThat(check(clean.of(0))).isEmpty();
  }

  /** A region of wind: its numbers sink, are zero for hours, and rise again. */
  @Test
  void aZeroIsBelievedThatSmallNumbersLeadTo() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities series = new TestIntensities(DIRECT, Duration.ofMinutes(30), START);
    guard.learn(IntStream.range(0, 600).mapToObj(i -> series.of(8 + i % 7)).toList());
    assertThat(check(series.of(9))).isEmpty();
    run(series, 5, () -> 0);
    assertThat(check(series.of(3))).isEmpty();
    assertThat(guard.rejected().counts()).isEmpty();
  }

  @Test
  void aZeroOutOfNowhereIsRejectedThoughTheRegionWasAtZeroBefore() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities series = new TestIntensities(DIRECT, HOUR, START);
    run(series, 3, () -> 2);
    run(series, 3, () -> 0);
    guard.learn(IntStream.range(0, 40).mapToObj(i -> series.of(10 * i)).toList());
    assertRejected(guard, series.of(0), RejectReason.ZERO);
    assertRejected(guard, series.of(0), RejectReason.ZERO);
  }

  @Test
  void aZeroIsBelievedThatTheProvidersOwnForecastBearsOut() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities series = new TestIntensities(DIRECT, HOUR, START);
    CarbonIntensity zero = series.of(0);
    assertRejected(guard, zero, RejectReason.ZERO);
    guard.learnForecast(Stream.of(0.0, 0.0, 1.0, 3.0).map(series::of).toList());
    assertThat(guard.reconsidered(START)).contains(zero);
  }

  @Test
  void aForecastOfNothingButZerosBearsNothingOut() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities series = new TestIntensities(DIRECT, HOUR, START);
    assertThat(check(series.of(300))).isEmpty();
    CarbonIntensity zero = series.of(0);
    List<CarbonIntensity> zeros = Stream.of(0.0, 0.0, 0.0).map(series::of).toList();
    assertThat(guard.plausible(zeros, START)).isEmpty();
    guard.learnForecast(zeros);
    assertRejected(guard, zero, RejectReason.ZERO);
    assertThat(guard.reconsidered(zero.validFrom())).isEmpty();
  }

  @Test
  void theZerosOfAForecastAreBelievedWhereItComesToThemBySmallNumbers() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities series = new TestIntensities(DIRECT, HOUR, START);
    List<CarbonIntensity> ahead =
        Stream.of(0.0, 0.0, 3.0, 40.0, 300.0, 0.0, 310.0, 12.0, 0.0).map(series::of).toList();
    assertThat(guard.plausible(ahead, START))
        .extracting(point -> point.value().value())
        .containsExactly(0.0, 0.0, 3.0, 40.0, 300.0, 310.0, 12.0, 0.0);
    assertThat(guard.rejected().count(RejectReason.ZERO)).isEqualTo(1);
  }

  @Test
  void aZeroInThePastIsLearnedFromOnlyBesideSmallNumbers() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities series = new TestIntensities(DIRECT, HOUR, START);
    List<CarbonIntensity> past =
        Stream.of(300.0, 0.0, 290.0, 20.0, 6.0, 0.0, 0.0, 200.0).map(series::of).toList();
    assertThat(guard.learn(past))
        .extracting(value -> value.value().value())
        .containsExactly(300.0, 290.0, 20.0, 6.0, 0.0, 0.0, 200.0);
  }

  @Test
  void aRecordingsZeroIsWhatItsFileSays() {
    guard = new PlausibilityGuard(DIRECT);
    TestIntensities series = new TestIntensities(DIRECT, HOUR, START);
    CarbonIntensity played = series.sample(START, 0, START, new Provenance.Replayed(START));
    assertThat(check(played)).isEmpty();
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
