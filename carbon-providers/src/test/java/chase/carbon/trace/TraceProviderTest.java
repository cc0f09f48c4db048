package chase.carbon.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceProviderTest {
  private static final Region DE = new Region("DE");
  private static final Instant RECORDED = Instant.parse("2020-01-01T00:00:00Z");

  /** Hours 0, 1, 2, then nothing until hours 10 and 11. */
  private static final Trace GAPPY = trace(0, 1, 2, 10, 11);

  private static final Trace DAY = trace(0, 1, 2, 3);

  private final TestClock clock = new TestClock("2026-06-01T12:00:00Z");
  private final Instant start = clock.instant();

  @Test
  void theFirstRowPlaysFromTheCreationOn() throws Exception {
    assertThat(source(DAY, 1, false).current())
        .isEqualTo(
            new CarbonIntensity(
                new GramsPerKwh(100),
                new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE),
                new Provenance.Replayed(RECORDED),
                "trace",
                DE,
                start,
                start.plus(Duration.ofHours(1)),
                start,
                start,
                Optional.empty()));
  }

  @Test
  void atFullSpeedAnHourLastsAnHour() throws Exception {
    TraceProvider source = source(DAY, 1, false);
    clock.pass(Duration.ofHours(2).minusNanos(1));
    assertThat(source.current().value()).isEqualTo(new GramsPerKwh(101));
    clock.pass(Duration.ofNanos(1));
    CarbonIntensity third = source.current();
    assertThat(third.value()).isEqualTo(new GramsPerKwh(102));
    assertThat(third.validFrom()).isEqualTo(clock.instant());
    assertThat(third.provenance())
        .isEqualTo(new Provenance.Replayed(RECORDED.plus(Duration.ofHours(2))));
  }

  @Test
  void atSpeed4320AnHourLasts833Milliseconds() throws Exception {
    TraceProvider source = source(DAY, 4320, false);
    clock.pass(Duration.ofMillis(833));
    assertThat(source.current().value()).isEqualTo(new GramsPerKwh(100));
    clock.pass(Duration.ofMillis(1));
    CarbonIntensity second = source.current();
    assertThat(second.value()).isEqualTo(new GramsPerKwh(101));
    assertThat(Duration.between(second.validFrom(), second.validTo()))
        .isBetween(Duration.ofNanos(833_333_333), Duration.ofNanos(833_333_334));
  }

  @Test
  void aSpeedBelowOneStretchesTheTrace() throws Exception {
    TraceProvider source = source(DAY, 0.5, false);
    assertThat(source.current().validTo()).isEqualTo(start.plus(Duration.ofHours(2)));
  }

  @Test
  void theTraceMayBeginPartWay() throws Exception {
    Instant from = RECORDED.plus(Duration.ofMinutes(90));
    TraceProvider source = source(DAY, new PlaybackSettings(1, Optional.of(from), false));
    CarbonIntensity now = source.current();
    assertThat(now.value()).isEqualTo(new GramsPerKwh(101));
    assertThat(now.validFrom()).isEqualTo(start.minus(Duration.ofMinutes(30)));
    assertThat(now.validTo()).isEqualTo(start.plus(Duration.ofMinutes(30)));
  }

  @Test
  void aTraceThatDoesNotRepeatEnds() throws Exception {
    TraceProvider source = source(DAY, 1, false);
    clock.pass(Duration.ofHours(4).minusNanos(1));
    assertThat(source.current().value()).isEqualTo(new GramsPerKwh(103));
    clock.pass(Duration.ofNanos(1));
    CarbonUnavailable ended = refused(source);
    assertThat(ended.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(ended).hasMessage("trace grid.csv ended");
  }

  @Test
  void aTraceThatRepeatsBeginsAgainWithItsFirstRow() throws Exception {
    Instant from = RECORDED.plus(Duration.ofHours(3));
    TraceProvider source = source(DAY, new PlaybackSettings(1, Optional.of(from), true));
    assertThat(source.current().value()).isEqualTo(new GramsPerKwh(103));
    clock.pass(Duration.ofHours(1));
    CarbonIntensity first = source.current();
    assertThat(first.value()).isEqualTo(new GramsPerKwh(100));
    assertThat(first.provenance()).isEqualTo(new Provenance.Replayed(RECORDED));
    assertThat(first.validFrom()).isEqualTo(clock.instant());
    clock.pass(Duration.ofHours(400_001));
    assertThat(source.current().value()).isEqualTo(new GramsPerKwh(101));
  }

  @Test
  void aGapHasNoNumberAfterOneStep() throws Exception {
    TraceProvider source = source(GAPPY, 1, false);
    clock.pass(Duration.ofHours(2));
    assertThat(source.current().validTo()).isEqualTo(start.plus(Duration.ofHours(3)));
    clock.pass(Duration.ofHours(1));
    CarbonUnavailable gap = refused(source);
    assertThat(gap.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(gap)
        .hasMessage("trace grid.csv has a gap from 2020-01-01T03:00:00Z to 2020-01-01T10:00:00Z");
    clock.pass(Duration.ofHours(7));
    assertThat(source.current().value()).isEqualTo(new GramsPerKwh(110));
  }

  @Test
  void threeMissingStepsAreAGapButTwoAreNot() throws Exception {
    TraceProvider source = source(trace(0, 1, 2, 5, 6, 7), 1, false);
    clock.pass(Duration.ofHours(4));
    assertThat(source.current().value()).isEqualTo(new GramsPerKwh(102));
    assertThat(trace(0, 1, 2, 3, 7).end()).isEqualTo(RECORDED.plus(Duration.ofHours(8)));
  }

  @Test
  void aClockThatWentBackFindsNoRowBeforeTheFirst() {
    TraceProvider source = source(DAY, 1, false);
    clock.pass(Duration.ofSeconds(-1));
    CarbonUnavailable early = refused(source);
    assertThat(early.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(early).hasMessage("trace grid.csv has not begun at 2026-06-01T11:59:59Z");
  }

  @Test
  void aClockThatWentBackFindsTheRoundBeforeWhereTheTraceRepeats() throws Exception {
    TraceProvider source = source(DAY, 1, true);
    clock.pass(Duration.ofSeconds(-1));
    assertThat(source.current().value()).isEqualTo(new GramsPerKwh(103));
  }

  @Test
  void whateverIsPlayedCoversThePresentAndFollowsWithoutAHole() throws Exception {
    long seed = Long.getLong("chase.seed", 20_260_101L);
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      double speed = Math.pow(10, random.nextDouble() * 8 - 2);
      TraceProvider source = source(DAY, speed, true);
      clock.pass(Duration.ofNanos((long) (random.nextDouble() * 1e16)));
      CarbonIntensity now = source.current();
      assertThat(now.covers(clock.instant())).as("seed %d, run %d", seed, run).isTrue();
      clock.pass(Duration.between(clock.instant(), now.validTo()));
      assertThat(source.current().validFrom())
          .as("seed %d, run %d", seed, run)
          .isEqualTo(now.validTo());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aSpeedThatIsNoneIsRefused(double speed) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PlaybackSettings(speed, Optional.empty(), true))
        .withMessage("trace speed: must be above 0, is " + speed);
  }

  @Test
  void aSpeedThatLeavesNoRowIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> source(DAY, 1e13, true))
        .withMessage("trace speed: 1.0E13 leaves a row of grid.csv under 1 us");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2019-12-31T23:59:59Z", "2020-01-01T04:00:00Z"})
  void aStartOutsideTheTraceIsRefused(Instant outside) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> source(DAY, new PlaybackSettings(1, Optional.of(outside), true)))
        .withMessage(
            "trace start: "
                + outside
                + " lies outside grid.csv, which runs from 2020-01-01T00:00:00Z to"
                + " 2020-01-01T04:00:00Z");
  }

  /** A trace whose value at hour h is 100 + h. */
  private static Trace trace(int... hours) {
    long[] millis = new long[hours.length];
    double[] grams = new double[hours.length];
    for (int row = 0; row < hours.length; row++) {
      millis[row] = RECORDED.plus(Duration.ofHours(hours[row])).toEpochMilli();
      grams[row] = 100.0 + hours[row];
    }
    return new Trace(Path.of("grid.csv"), millis, grams);
  }

  private TraceProvider source(Trace trace, double speed, boolean repeat) {
    return source(trace, new PlaybackSettings(speed, Optional.empty(), repeat));
  }

  private TraceProvider source(Trace trace, PlaybackSettings replay) {
    return new TraceProvider(trace, DE, EmissionScope.LIFECYCLE, replay, clock);
  }

  private static CarbonUnavailable refused(TraceProvider source) {
    return catchThrowableOfType(CarbonUnavailable.class, source::current);
  }
}
