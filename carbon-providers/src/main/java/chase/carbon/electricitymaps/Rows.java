package chase.carbon.electricitymaps;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.ZeroCheck;
import chase.carbon.http.JsonBody;
import chase.carbon.http.Series;
import java.time.Instant;
import java.util.List;

/** Reads the bodies of {@code /carbon-intensity/history} and {@code /forecast}. */
record Rows(JsonBody body, ElectricityMaps.Options asked) {
  List<CarbonIntensity> history(Instant from, Instant to, Instant now) throws CarbonUnavailable {
    Series<CarbonIntensity> rows = new Series<>(body, ZeroCheck::credible);
    for (JsonBody entry : entries("history")) {
      rows.add(() -> new Row(entry, body, asked).intensity(now));
    }
    return rows.between(from, to);
  }

  List<CarbonIntensity> forecast(Instant now) throws CarbonUnavailable {
    Instant publishedAt = body.decoration(() -> body.instant("updatedAt")).orElse(now);
    Series<CarbonIntensity> rows = new Series<>(body, ZeroCheck::credible);
    for (JsonBody entry : entries("forecast")) {
      rows.add(() -> new Row(entry, body, asked).forecast(publishedAt, now));
    }
    return rows.ahead(now);
  }

  private List<JsonBody> entries(String field) throws CarbonUnavailable {
    boolean excused = body.raw("error").isPresent() || body.raw("status").isPresent();
    if (body.raw(field).isEmpty() && excused) {
      throw body.unavailable(Reason.NO_DATA, "answered without numbers: " + body.words());
    }
    return body.objects(field).orElseThrow(() -> body.lacks(field));
  }
}
