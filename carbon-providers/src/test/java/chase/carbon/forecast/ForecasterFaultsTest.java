package chase.carbon.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gaps, wrong values and level shifts, which live series are full of. */
class ForecasterFaultsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final double[] truth = SyntheticGrid.DAILY.values(60, HOUR);
  private final Forecaster forecaster = new Forecaster(TimeGrid.of(HOUR), Margin.AVERAGE);

  private static Instant at(int hour) {
    return SyntheticGrid.START.plus(HOUR.multipliedBy(hour));
  }

  private Forecaster.LearnResult feed(int hour, double value) {
    return forecaster.learn(Forecaster.ObservedValue.of(at(hour), new GramsPerKwh(value)));
  }

  private void feedTruth(int from, int to) {
    for (int hour = from; hour < to; hour++) {
      feed(hour, truth[hour]);
    }
  }

  /** The mean relative error of the next day, forecast at {@code hour}. */
  private double dayAhead(int hour) {
    List<ForecastPoint> day = forecaster.forecast(at(hour), DAY);
    assertThat(day).hasSize(24);
    double sum = 0;
    for (int i = 0; i < 24; i++) {
      sum += Math.abs(day.get(i).value().value() - truth[hour + i]) / truth[hour + i];
    }
    return sum / 24;
  }

  @Test
  void aDayWithoutValuesIsBridged() {
    feedTruth(0, 720);
    feedTruth(744, 750);
    assertThat(dayAhead(750)).isLessThan(0.08);
  }

  @Test
  void whileValuesAreMissingTheForecastGoesOn() {
    feedTruth(0, 720);
    assertThat(dayAhead(744)).isLessThan(0.08);
  }

  @Test
  void theReachEndsFourDaysAfterTheNewestValue() {
    feedTruth(0, 720);
    List<ForecastPoint> ahead = forecaster.forecast(at(720), Duration.ofDays(30));
    assertThat(ahead.getLast().to()).isEqualTo(at(719).plus(Duration.ofDays(4)).plus(HOUR));
    assertThat(forecaster.forecast(at(720).plus(Duration.ofDays(5)), DAY)).isEmpty();
  }

  @Test
  void afterALongSilenceLearningRestarts() {
    feedTruth(0, 240);
    assertThat(feed(240 + 5 * 24, 300)).isEqualTo(Forecaster.LearnResult.RESTARTED);
    assertThat(forecaster.scores().scores()).isEmpty();
  }

  @Test
  void aMissingValueIsNeverScored() {
    feedTruth(0, 200);
    long before = count(ModelKind.PERSISTENCE);
    feedTruth(210, 211);
    assertThat(count(ModelKind.PERSISTENCE)).isEqualTo(before);
    feedTruth(211, 212);
    assertThat(count(ModelKind.PERSISTENCE)).isEqualTo(before + 1);
  }

  private long count(ModelKind model) {
    return forecaster.scores().scores().stream()
        .filter(score -> score.model() == model && score.horizon().equals(HOUR))
        .mapToLong(ForecastScores.ModelScore::count)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oneWrongValueIsForgottenWithinADay() {
    feedTruth(0, 720);
    feed(720, 20 * truth[720]);
    feedTruth(721, 746);
    assertThat(dayAhead(746)).isLessThan(0.12);
  }

  @Test
  void aNewLevelIsFollowedWithinDays() {
    feedTruth(0, 720);
    for (int hour = 720; hour < truth.length; hour++) {
      truth[hour] *= 2;
    }
    feedTruth(720, 800);
    assertThat(dayAhead(800)).isLessThan(0.12);
  }

  @Test
  void theSameHistoryBringsBackTheSameState() {
    feedTruth(0, 500);
    Forecaster again = new Forecaster(TimeGrid.of(HOUR), Margin.AVERAGE);
    for (int hour = 0; hour < 500; hour++) {
      again.learn(Forecaster.ObservedValue.of(at(hour), new GramsPerKwh(truth[hour])));
    }
    assertThat(again.forecast(at(500), DAY)).isEqualTo(forecaster.forecast(at(500), DAY));
    assertThat(again.scores()).isEqualTo(forecaster.scores());
  }

  @Test
  void aValueWithinItsSlotBelongsToIt() {
    feedTruth(0, 48);
    Instant within = at(48).plusSeconds(1234);
    assertThat(forecaster.learn(Forecaster.ObservedValue.of(within, new GramsPerKwh(300))))
        .isEqualTo(Forecaster.LearnResult.LEARNED);
    assertThat(feed(48, 310)).isEqualTo(Forecaster.LearnResult.REPEATED);
  }

  @Test
  void aProvidersForecastThatEndsIsFollowedByTheModels() {
    feedTruth(0, 480);
    forecaster.useProviderForecast(
        new Forecaster.ProviderForecast(
            List.of(
                new Forecaster.ProviderForecast.ForecastPeriod(
                    at(480), at(482), new GramsPerKwh(300)))));
    assertThat(forecaster.forecastBy(ModelKind.PROVIDER, at(481)))
        .hasValueSatisfying(value -> assertThat(value.value()).isCloseTo(300, within(1e-9)));
    assertThat(forecaster.forecastBy(ModelKind.PROVIDER, at(482))).isEmpty();
    assertThat(dayAhead(480)).isLessThan(0.08);
  }

  @Test
  void aMarginalSignalIsForecastByItsProviderAlone() {
    Duration step = Duration.ofMinutes(5);
    Forecaster marginal = new Forecaster(TimeGrid.of(step), Margin.MARGINAL);
    Instant now = SyntheticGrid.START.plus(DAY);
    for (Instant at = SyntheticGrid.START; at.isBefore(now); at = at.plus(step)) {
      marginal.learn(Forecaster.ObservedValue.of(at, new GramsPerKwh(400)));
    }
    marginal.useProviderForecast(
        new Forecaster.ProviderForecast(
            List.of(
                new Forecaster.ProviderForecast.ForecastPeriod(
                    now, now.plus(DAY), new GramsPerKwh(100)))));
    List<ForecastPoint> ahead = marginal.forecast(now, Duration.ofHours(6));
    assertThat(ahead).hasSize(72);
    assertThat(ahead.get(11).model()).isEqualTo(ModelKind.MIX);
    assertThat(ahead.get(12).model()).isEqualTo(ModelKind.PROVIDER);
    assertThat(ahead.getLast().value().value()).isCloseTo(100, within(1e-9));
    assertThat(marginal.forecastBy(ModelKind.LITE, now.plus(Duration.ofHours(2)))).isEmpty();
  }
}
