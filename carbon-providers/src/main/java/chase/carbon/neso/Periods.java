package chase.carbon.neso;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.Doubt;
import chase.carbon.GramsPerKwh;
import chase.carbon.Origin;
import chase.carbon.Signal;
import chase.carbon.ZeroCheck;
import chase.carbon.http.JsonBody;
import chase.carbon.http.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads half hours, in any of the API's wrappings: bare, in a list of one region, or in a region.
 *
 * @param body the answer
 * @param area what was asked about
 * @param now when it came
 */
record Periods(JsonBody body, NesoArea area, Instant now) {
  /** No grid reaches it. */
  private static final double IMPOSSIBLE_GRAMS = 3000;

  /** Half hours, and hours should they come back. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final Signal SIGNAL = new Signal(Signal.Margin.AVERAGE, Signal.Scope.DIRECT);

  /** Which of a half hour's two numbers is wanted. */
  enum Wanted {
    /** The forecast. */
    FORECAST,
    /** What came about; regions have the forecast alone. */
    ACTUAL,
    /** What came about, else the forecast. */
    BEST
  }

  Series<CarbonIntensity> read(Wanted wanted) throws CarbonUnavailable {
    if (body.raw("error").isPresent() && body.raw("data").isEmpty()) {
      throw body.unavailable(Reason.NO_DATA, "answered without numbers: " + body.words());
    }
    Series<CarbonIntensity> series = new Series<>(body, ZeroCheck::credible);
    for (JsonBody period : periods()) {
      series.add(() -> read(period, wanted));
    }
    return series;
  }

  /** An outage was seen as a 200 with an empty object. */
  private List<JsonBody> periods() throws CarbonUnavailable {
    if (body.raw("data").isEmpty()) {
      throw body.unavailable(Reason.NO_DATA, "answered without numbers");
    }
    if (body.raw("data").orElseThrow().isObject()) {
      return inside(body.object("data").orElseThrow());
    }
    List<JsonBody> periods = new ArrayList<>();
    for (JsonBody item : body.objects("data").orElseThrow()) {
      periods.addAll(item.raw("data").isPresent() ? inside(item) : List.of(item));
    }
    return periods;
  }

  private static List<JsonBody> inside(JsonBody region) throws CarbonUnavailable {
    return region.objects("data").orElseThrow(() -> region.lacks("data"));
  }

  private CarbonIntensity read(JsonBody period, Wanted wanted) throws CarbonUnavailable {
    Instant from = period.instant("from").orElseThrow(() -> period.lacks("from"));
    Instant to = period.instant("to").orElseThrow(() -> period.lacks("to"));
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw period.unavailable(Reason.MALFORMED, "the period from " + from + " ends at " + to);
    }
    JsonBody numbers = period.object("intensity").orElseThrow(() -> period.lacks("intensity"));
    boolean forecastWillDo = wanted != Wanted.ACTUAL || !area.isNation();
    Optional<Double> actual = Optional.empty();
    if (wanted != Wanted.FORECAST && area.isNation()) {
      actual =
          forecastWillDo
              ? numbers.decoration(() -> numbers.number("actual"))
              : numbers.number("actual");
    }
    Optional<Double> forecast =
        forecastWillDo && actual.isEmpty() ? numbers.number("forecast") : Optional.empty();
    double grams =
        actual.isPresent()
            ? actual.get()
            : forecast.orElseThrow(
                () -> period.unavailable(Reason.NO_DATA, "no number for " + from));
    return new CarbonIntensity(
        plausible(period, grams),
        SIGNAL,
        actual.isPresent() ? new Origin.Measured() : new Origin.Forecast(ahead(from)),
        Neso.PROVIDER,
        area.region(),
        from,
        to,
        now,
        now,
        Optional.empty());
  }

  /** Whether a zero is true shows beside its neighbours. */
  private GramsPerKwh plausible(JsonBody period, double grams) throws CarbonUnavailable {
    if (!(grams >= 0 && grams < IMPOSSIBLE_GRAMS)) {
      throw period
          .unavailable(Reason.IMPLAUSIBLE, "the intensity " + grams + " gCO2/kWh cannot be true")
          .because(Doubt.ofImpossible(grams));
    }
    return new GramsPerKwh(grams);
  }

  /** The API does not say when it made a forecast; it was there now at the latest. */
  private Duration ahead(Instant from) {
    return from.isAfter(now) ? Duration.between(now, from) : Duration.ZERO;
  }
}
