package chase.carbon.neso;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import chase.carbon.plausibility.ZeroCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads half hours, in any of the API's wrappings: bare, in a list of one region, or in a region.
 *
 * @param body the response
 * @param area the area that was requested
 * @param now when it came
 */
record NesoParser(JsonBody body, NesoArea area, Instant now) {
  /** Half hours, and hours should they come back. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Which of a half hour's two values is wanted. */
  enum WantedValue {
    /** The forecast. */
    FORECAST,
    /** What came about; regions have the forecast alone. */
    ACTUAL,
    /** What came about, else the forecast. */
    BEST
  }

  PeriodRows<CarbonIntensity> read(WantedValue wanted) throws CarbonUnavailable {
    if (body.raw("error").isPresent() && body.raw("data").isEmpty()) {
      throw body.unavailable(
          FailureReason.NO_DATA, "answered without numbers: " + body.errorText());
    }
    PeriodRows<CarbonIntensity> series = new PeriodRows<>(body, ZeroCheck::credible);
    for (JsonBody period : periods()) {
      series.add(() -> read(period, wanted));
    }
    return series;
  }

  /** An outage was seen as a 200 with an empty object. */
  private List<JsonBody> periods() throws CarbonUnavailable {
    if (body.raw("data").isEmpty()) {
      throw body.unavailable(FailureReason.NO_DATA, "answered without numbers");
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
    return region.objects("data").orElseThrow(() -> region.missing("data"));
  }

  private CarbonIntensity read(JsonBody period, WantedValue wanted) throws CarbonUnavailable {
    Instant from = period.instant("from").orElseThrow(() -> period.missing("from"));
    Instant to = period.instant("to").orElseThrow(() -> period.missing("to"));
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw period.unavailable(
          FailureReason.MALFORMED, "the period from " + from + " ends at " + to);
    }
    JsonBody numbers = period.object("intensity").orElseThrow(() -> period.missing("intensity"));
    boolean forecastWillDo = wanted != WantedValue.ACTUAL || !area.isNation();
    Optional<Double> actual = Optional.empty();
    if (wanted != WantedValue.FORECAST && area.isNation()) {
      actual =
          forecastWillDo
              ? numbers.optionalPart(() -> numbers.number("actual"))
              : numbers.number("actual");
    }
    Optional<Double> forecast =
        forecastWillDo && actual.isEmpty() ? numbers.number("forecast") : Optional.empty();
    double grams =
        actual.isPresent()
            ? actual.get()
            : forecast.orElseThrow(
                () -> period.unavailable(FailureReason.NO_DATA, "no number for " + from));
    return new CarbonIntensity(
        period.intensity(grams),
        Neso.KIND,
        provenance(wanted, actual.isPresent(), from),
        Neso.PROVIDER,
        area.region(),
        from,
        to,
        now,
        now,
        Optional.empty());
  }

  /** Of a region's past nothing better than the last forecast is ever known. */
  private Provenance provenance(WantedValue wanted, boolean measured, Instant from) {
    if (measured) {
      return new Provenance.Measured();
    }
    return wanted == WantedValue.ACTUAL
        ? new Provenance.Estimated("forecast")
        : new Provenance.ForecastByProvider(ahead(from));
  }

  /** The API does not say when it made a forecast; it was there now at the latest. */
  private Duration ahead(Instant from) {
    return from.isAfter(now) ? Duration.between(now, from) : Duration.ZERO;
  }
}
