package chase.carbon.electricitymaps;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import chase.carbon.plausibility.ZeroCheck;
import java.time.Instant;
import java.util.List;

/** Reads the bodies of {@code /carbon-intensity/history} and {@code /forecast}. */
record IntensityListParser(JsonBody body, ElectricityMaps.ZoneOptions options) {
  List<CarbonIntensity> history(Instant from, Instant to, Instant now) throws CarbonUnavailable {
    PeriodRows<CarbonIntensity> rows = new PeriodRows<>(body, ZeroCheck::credible);
    for (JsonBody entry : entries("history")) {
      rows.add(() -> new ElectricityMapsParser(entry, body, options).intensity(now));
    }
    return rows.between(from, to);
  }

  List<CarbonIntensity> forecast(Instant now) throws CarbonUnavailable {
    Instant publishedAt = body.optionalPart(() -> body.instant("updatedAt")).orElse(now);
    PeriodRows<CarbonIntensity> rows = new PeriodRows<>(body, ZeroCheck::credible);
    for (JsonBody entry : entries("forecast")) {
      rows.add(() -> new ElectricityMapsParser(entry, body, options).forecast(publishedAt, now));
    }
    return rows.upcoming(now);
  }

  private List<JsonBody> entries(String field) throws CarbonUnavailable {
    boolean excused = body.raw("error").isPresent() || body.raw("status").isPresent();
    if (body.raw(field).isEmpty() && excused) {
      throw body.unavailable(
          FailureReason.NO_DATA, "answered without numbers: " + body.errorText());
    }
    return body.objects(field).orElseThrow(() -> body.missing(field));
  }
}
