package chase.carbon.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.carbon.GramsPerKwh;
import chase.carbon.SignalKind.Margin;
import chase.carbon.forecast.ForecastScores.ModelScore;
import chase.carbon.forecast.Forecaster.ProviderForecast.ForecastPeriod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A provider's forecast whose errors are known, beside Chase's own, at steps of minutes. */
class ProviderScoreTest {
  private static final int DAYS = 8;
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final Duration NEAR = Duration.ofHours(6);
  private static final double NEAR_ERROR = 0.04;
  private static final double FAR_ERROR = 0.25;

  @ParameterizedTest
  @CsvSource({"5, WIND", "15, SOLAR"})
  void aProvidersForecastIsScoredAtEachHorizonBesideOurs(int minutes, SyntheticGrid grid) {
    Forecaster forecaster = live(grid, Duration.ofMinutes(minutes));
    List<Duration> horizons =
        List.of(5, 10, 15, 30, 45).stream()
            .filter(ahead -> ahead % minutes == 0)
            .map(Duration::ofMinutes)
            .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    for (int hours = 1; hours <= 24; hours++) {
      horizons.add(Duration.ofHours(hours));
    }
    assertThat(ahead(forecaster, ModelKind.PROVIDER)).containsAll(horizons);
    assertThat(ahead(forecaster, ModelKind.MIX)).containsAll(horizons);
    for (Duration ahead : horizons) {
      ModelScore provider = score(forecaster, ModelKind.PROVIDER, ahead);
      ModelScore mix = score(forecaster, ModelKind.MIX, ahead);
      assertThat(mix.used()).isTrue();
      assertThat(provider.count()).as("%s", ahead).isGreaterThan(300);
      if (ahead.compareTo(NEAR) < 0) {
        assertThat(provider.errorRatio()).as("%s", ahead).isCloseTo(NEAR_ERROR, within(1e-6));
      } else if (ahead.compareTo(NEAR.plus(HALF_HOUR)) > 0) {
        assertThat(provider.errorRatio()).as("%s", ahead).isCloseTo(FAR_ERROR, within(1e-6));
      }
      assertThat(mix.errorRatio()).as("%s of %s, seed 3", ahead, grid).isBetween(1e-3, 0.5);
    }
  }

  @Test
  void whatAProviderExpectedOfASlotCountsUntilItSaysOtherwise() {
    Duration step = Duration.ofMinutes(15);
    Forecaster forecaster = new Forecaster(TimeGrid.of(step), Margin.AVERAGE);
    Instant start = SyntheticGrid.START;
    forecaster.learn(Forecaster.ObservedValue.of(start, new GramsPerKwh(200)));
    forecaster.useProviderForecast(
        constant(start.plus(step), start.plus(step.multipliedBy(9)), 300));
    forecaster.useProviderForecast(
        constant(start.plus(step.multipliedBy(5)), start.plus(step.multipliedBy(7)), 400));
    List<Double> expected = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      expected.add(
          forecaster
              .forecastBy(ModelKind.PROVIDER, start.plus(step.multipliedBy(i)))
              .map(GramsPerKwh::value)
              .map(value -> (double) Math.round(value))
              .orElse(-1.0));
    }
    assertThat(expected).containsExactly(300.0, 300.0, 300.0, 300.0, 400.0, 400.0, -1.0, -1.0);
  }

  /** Values as they come, and every half hour a forecast of 36 hours, made as the slot begins. */
  private static Forecaster live(SyntheticGrid grid, Duration step) {
    double[] truth = grid.values(DAYS + 2, step);
    Forecaster forecaster = new Forecaster(TimeGrid.of(step), Margin.AVERAGE);
    int known = (int) Duration.ofDays(DAYS).dividedBy(step);
    for (int i = 0; i < known; i++) {
      Instant from = SyntheticGrid.START.plus(step.multipliedBy(i));
      forecaster.learn(Forecaster.ObservedValue.of(from, new GramsPerKwh(truth[i])));
      if (from.getEpochSecond() % HALF_HOUR.toSeconds() == 0) {
        forecaster.useProviderForecast(published(truth, step, i));
      }
    }
    return forecaster;
  }

  private static Forecaster.ProviderForecast published(double[] truth, Duration step, int origin) {
    List<ForecastPeriod> points = new ArrayList<>();
    int reach = (int) Duration.ofHours(36).dividedBy(step);
    for (int i = 1; i <= reach; i++) {
      Duration ahead = step.multipliedBy(i);
      double error = ahead.compareTo(NEAR) < 0 ? NEAR_ERROR : FAR_ERROR;
      Instant from = SyntheticGrid.START.plus(step.multipliedBy(origin + i));
      points.add(
          new ForecastPeriod(
              from, from.plus(step), new GramsPerKwh(truth[origin + i] * (1 + error))));
    }
    return new Forecaster.ProviderForecast(points);
  }

  private static Forecaster.ProviderForecast constant(Instant from, Instant to, double grams) {
    return new Forecaster.ProviderForecast(
        List.of(new ForecastPeriod(from, to, new GramsPerKwh(grams))));
  }

  private static List<Duration> ahead(Forecaster forecaster, ModelKind model) {
    return forecaster.scores().scores().stream()
        .filter(score -> score.model() == model)
        .map(ModelScore::horizon)
        .toList();
  }

  private static ModelScore score(Forecaster forecaster, ModelKind model, Duration ahead) {
    return forecaster.scores().scores().stream()
        .filter(score -> score.model() == model && score.horizon().equals(ahead))
        .findFirst()
        .orElseThrow();
  }
}
