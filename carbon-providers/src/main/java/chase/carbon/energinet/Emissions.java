package chase.carbon.energinet;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.Doubt;
import chase.carbon.GramsPerKwh;
import chase.carbon.Origin;
import chase.carbon.Region;
import chase.carbon.Signal;
import chase.carbon.ZeroCheck;
import chase.carbon.http.JsonBody;
import chase.carbon.http.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads the rows of {@code CO2Emis} and {@code CO2EmisProg}.
 *
 * @param body the answer
 * @param area the price area that was asked about
 * @param now when it came
 */
record Emissions(JsonBody body, Region area, Instant now) {
  static final String TIME = "Minutes5UTC";

  private static final Duration PERIOD = Duration.ofMinutes(5);

  /** No grid reaches it. */
  private static final double IMPOSSIBLE_GRAMS = 3000;

  private static final Signal SIGNAL = new Signal(Signal.Margin.AVERAGE, Signal.Scope.DIRECT);

  Series<CarbonIntensity> read(boolean prognosis) throws CarbonUnavailable {
    List<JsonBody> records = body.objects("records").orElseThrow(() -> body.lacks("records"));
    Series<CarbonIntensity> series = new Series<>(body, ZeroCheck::credible);
    for (JsonBody row : records) {
      series.add(() -> read(row, prognosis));
    }
    return series;
  }

  private CarbonIntensity read(JsonBody row, boolean prognosis) throws CarbonUnavailable {
    Instant from = row.utc(TIME).orElseThrow(() -> row.lacks(TIME));
    String got = row.text("PriceArea").orElseThrow(() -> row.lacks("PriceArea"));
    if (!got.equals(area.code())) {
      throw row.unavailable(Reason.IMPLAUSIBLE, "asked for area " + area + ", got " + got);
    }
    return new CarbonIntensity(
        value(row, from),
        SIGNAL,
        prognosis ? new Origin.Forecast(ahead(from)) : new Origin.Measured(),
        Energinet.PROVIDER,
        area,
        from,
        from.plus(PERIOD),
        now,
        now,
        Optional.empty());
  }

  private static GramsPerKwh value(JsonBody row, Instant from) throws CarbonUnavailable {
    double grams =
        row.number("CO2Emission")
            .orElseThrow(() -> row.unavailable(Reason.NO_DATA, "no number for " + from));
    if (!(grams >= 0 && grams < IMPOSSIBLE_GRAMS)) {
      throw row.unavailable(
              Reason.IMPLAUSIBLE, "the intensity " + grams + " gCO2/kWh cannot be true")
          .because(Doubt.ofImpossible(grams));
    }
    return new GramsPerKwh(grams);
  }

  /** A prognosis is overwritten in place and never dated; it was there now at the latest. */
  private Duration ahead(Instant from) {
    return from.isAfter(now) ? Duration.between(now, from) : Duration.ZERO;
  }
}
