package chase.carbon.energycharts;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ClockSkew;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import chase.carbon.plausibility.ZeroCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One response of {@code co2eq}: what was measured, and what is forecast, of the same times.
 *
 * @param series the times
 * @param measured the numbers of {@code co2eq}
 * @param forecast the numbers of {@code co2eq_forecast}
 * @param region the country that was requested
 * @param fetchedAt when it came
 */
record Co2Answer(
    ChartSeries series,
    List<Optional<Double>> measured,
    List<Optional<Double>> forecast,
    Region region,
    Instant fetchedAt) {
  private static final String MEASURED = "co2eq";
  private static final String FORECAST = "co2eq_forecast";

  /** Where nothing is forecast this is the most that measurements may be late. */
  private static final Duration LATENESS = Duration.ofHours(3);

  /**
   * Reads a response.
   *
   * @throws CarbonUnavailable when it is no answer, or has not one number
   */
  static Co2Answer of(JsonBody body, Region region, Instant now) throws CarbonUnavailable {
    ChartSeries series = ChartSeries.of(body);
    if (body.raw(MEASURED).isEmpty() && body.raw(FORECAST).isEmpty()) {
      throw body.missing(MEASURED);
    }
    Co2Answer answer =
        new Co2Answer(series, series.numbers(MEASURED), series.numbers(FORECAST), region, now);
    if (isEmpty(answer.measured) && isEmpty(answer.forecast)) {
      throw body.unavailable(
          FailureReason.NO_DATA, "all " + series.starts().size() + " numbers are null");
    }
    return answer;
  }

  private static boolean isEmpty(List<Optional<Double>> numbers) {
    return numbers.stream().allMatch(Optional::isEmpty);
  }

  /**
   * The running period as measured, else as forecast; of a country without a forecast the newest
   * that was measured.
   *
   * @throws CarbonUnavailable when there is none
   */
  CarbonIntensity latest(Instant now) throws CarbonUnavailable {
    if (isEmpty(forecast)) {
      return past().latest(now, LATENESS);
    }
    PeriodRows<CarbonIntensity> rows = rows();
    for (int place : series.places()) {
      if (measured.get(place).isPresent()) {
        rows.add(() -> measured(place));
      } else if (forecast.get(place).isPresent()) {
        rows.add(() -> forecast(place));
      }
    }
    return rows.latest(now, Duration.ZERO);
  }

  /** The newest period that is called measured and has not begun; empty where none is. */
  Optional<Instant> measuredAhead() {
    Duration tolerated =
        series.step().compareTo(ClockSkew.TOLERATED) > 0 ? series.step() : ClockSkew.TOLERATED;
    return series.places().stream()
        .filter(place -> measured.get(place).filter(number -> number > 0).isPresent())
        .map(series::start)
        .max(Comparator.naturalOrder())
        .filter(start -> start.isAfter(fetchedAt.plus(tolerated)));
  }

  /** What was measured, and nothing else. */
  PeriodRows<CarbonIntensity> past() {
    PeriodRows<CarbonIntensity> rows = rows();
    for (int place : series.places()) {
      if (measured.get(place).isPresent()) {
        rows.add(() -> measured(place));
      }
    }
    return rows;
  }

  /**
   * The forecast, and nothing else.
   *
   * @throws CarbonUnavailable when there is none
   */
  PeriodRows<CarbonIntensity> ahead() throws CarbonUnavailable {
    if (isEmpty(forecast)) {
      throw series.body().unavailable(FailureReason.NO_DATA, "the answer has no forecast");
    }
    PeriodRows<CarbonIntensity> rows = rows();
    for (int place : series.places()) {
      if (forecast.get(place).isPresent()) {
        rows.add(() -> forecast(place));
      }
    }
    return rows;
  }

  /** Without rows; a place without a number adds none, and hides not what is wrong elsewhere. */
  private PeriodRows<CarbonIntensity> rows() {
    return new PeriodRows<>(series.body(), ZeroCheck::credible);
  }

  private CarbonIntensity measured(int place) throws CarbonUnavailable {
    return row(place, measured.get(place), new Provenance.Measured());
  }

  private CarbonIntensity forecast(int place) throws CarbonUnavailable {
    Instant from = series.start(place);
    Duration ahead = from.isAfter(fetchedAt) ? Duration.between(fetchedAt, from) : Duration.ZERO;
    return row(place, forecast.get(place), new Provenance.ForecastByProvider(ahead));
  }

  private CarbonIntensity row(int place, Optional<Double> grams, Provenance provenance)
      throws CarbonUnavailable {
    Instant from = series.start(place);
    JsonBody body = series.body();
    double number =
        grams.orElseThrow(() -> body.unavailable(FailureReason.NO_DATA, "no number for " + from));
    return new CarbonIntensity(
        body.intensity(number),
        EnergyCharts.KIND,
        provenance,
        EnergyCharts.PROVIDER,
        region,
        from,
        from.plus(series.step()),
        fetchedAt,
        fetchedAt,
        Optional.empty());
  }
}
