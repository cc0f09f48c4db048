package chase.carbon.energinet;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import chase.carbon.plausibility.ZeroCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads the rows of {@code CO2Emis} and {@code CO2EmisProg}.
 *
 * @param body the response
 * @param area the price area that was requested
 * @param now when it came
 */
record EmissionsParser(JsonBody body, Region area, Instant now) {
  static final String TIME = "Minutes5UTC";

  private static final Duration PERIOD = Duration.ofMinutes(5);

  PeriodRows<CarbonIntensity> read(boolean prognosis) throws CarbonUnavailable {
    List<JsonBody> records = body.objects("records").orElseThrow(() -> body.missing("records"));
    PeriodRows<CarbonIntensity> series = new PeriodRows<>(body, ZeroCheck::credible);
    for (JsonBody row : records) {
      series.add(() -> read(row, prognosis));
    }
    return series;
  }

  private CarbonIntensity read(JsonBody row, boolean prognosis) throws CarbonUnavailable {
    Instant from = row.utc(TIME).orElseThrow(() -> row.missing(TIME));
    String got = row.text("PriceArea").orElseThrow(() -> row.missing("PriceArea"));
    if (!got.equals(area.code())) {
      throw row.unavailable(FailureReason.IMPLAUSIBLE, "asked for area " + area + ", got " + got);
    }
    return new CarbonIntensity(
        value(row, from),
        Energinet.KIND,
        prognosis ? new Provenance.ForecastByProvider(ahead(from)) : new Provenance.Measured(),
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
            .orElseThrow(() -> row.unavailable(FailureReason.NO_DATA, "no number for " + from));
    return row.intensity(grams);
  }

  /** A prognosis is overwritten in place and never dated; it was there now at the latest. */
  private Duration ahead(Instant from) {
    return from.isAfter(now) ? Duration.between(now, from) : Duration.ZERO;
  }
}
