package chase.carbon.electricitymaps;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.RejectReason;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import chase.carbon.plausibility.ZeroCheck;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads the bodies of {@code /carbon-intensity/latest}, which is one row, and of {@code /history}
 * and {@code /forecast}, which are lists of such rows. v3 and v4 share the shape.
 *
 * @param body the response, which may state the granularity for all rows
 * @param options what was requested
 */
record ElectricityMapsParser(JsonBody body, ElectricityMaps.ZoneOptions options) {
  private static final String SANDBOX = "SANDBOX_MODE_DATA";

  CarbonIntensity latest(Instant now) throws CarbonUnavailable {
    return observed(body, now);
  }

  List<CarbonIntensity> history(Instant from, Instant to, Instant now) throws CarbonUnavailable {
    PeriodRows<CarbonIntensity> rows = new PeriodRows<>(body, ZeroCheck::credible);
    for (JsonBody row : rows("history")) {
      rows.add(() -> observed(row, now));
    }
    return rows.between(from, to);
  }

  List<CarbonIntensity> forecast(Instant now) throws CarbonUnavailable {
    Instant publishedAt = body.optionalPart(() -> body.instant("updatedAt")).orElse(now);
    PeriodRows<CarbonIntensity> rows = new PeriodRows<>(body, ZeroCheck::credible);
    for (JsonBody row : rows("forecast")) {
      rows.add(() -> forecast(row, publishedAt, now));
    }
    return rows.upcoming(now);
  }

  private List<JsonBody> rows(String field) throws CarbonUnavailable {
    boolean excused = body.raw("error").isPresent() || body.raw("status").isPresent();
    if (body.raw(field).isEmpty() && excused) {
      throw body.unavailable(
          FailureReason.NO_DATA, "answered without numbers: " + body.errorText());
    }
    return body.objects(field).orElseThrow(() -> body.missing(field));
  }

  private CarbonIntensity observed(JsonBody row, Instant now) throws CarbonUnavailable {
    GramsPerKwh value = value(row);
    Provenance provenance = provenance(row);
    Instant updatedAt = row.optionalPart(() -> row.instant("updatedAt")).orElse(now);
    return intensity(row, value, provenance, updatedAt, now);
  }

  private CarbonIntensity forecast(JsonBody row, Instant publishedAt, Instant now)
      throws CarbonUnavailable {
    GramsPerKwh value = value(row);
    refuseSandbox(row, row.optionalPart(() -> row.text("estimationMethod")));
    Duration ahead = Duration.between(publishedAt, from(row));
    Provenance provenance =
        new Provenance.ForecastByProvider(ahead.isNegative() ? Duration.ZERO : ahead);
    return intensity(row, value, provenance, publishedAt, now);
  }

  private CarbonIntensity intensity(
      JsonBody row, GramsPerKwh value, Provenance provenance, Instant publishedAt, Instant now)
      throws CarbonUnavailable {
    Instant from = from(row);
    refuseOther(row, "zone", options.region().code());
    refuseOther(row, "emissionFactorType", options.emissionFactorType());
    return new CarbonIntensity(
        value,
        options.kind(),
        provenance,
        ElectricityMaps.PROVIDER,
        options.region(),
        from,
        from.plus(period(row)),
        publishedAt,
        now,
        Optional.empty());
  }

  private static Instant from(JsonBody row) throws CarbonUnavailable {
    return row.instant("datetime").orElseThrow(() -> row.missing("datetime"));
  }

  /** A failure may come as a 200 without a value. */
  private static GramsPerKwh value(JsonBody row) throws CarbonUnavailable {
    Optional<Double> grams = grams(row);
    if (row.raw("error").filter(JsonNode::isTextual).isPresent() || grams.isEmpty()) {
      throw row.unavailable(FailureReason.NO_DATA, "answered without a number: " + row.errorText());
    }
    return row.intensity(grams.get());
  }

  /** Forecasts were seen with the value inside an object. */
  private static Optional<Double> grams(JsonBody row) throws CarbonUnavailable {
    boolean inside = row.raw("carbonIntensity").filter(node -> node.isObject()).isPresent();
    return inside
        ? row.object("carbonIntensity").orElseThrow().number("value")
        : row.number("carbonIntensity");
  }

  private static void refuseOther(JsonBody row, String field, String wanted)
      throws CarbonUnavailable {
    Optional<String> got = row.optionalPart(() -> row.text(field));
    if (got.isPresent() && !got.get().equalsIgnoreCase(wanted)) {
      throw row.unavailable(
              FailureReason.IMPLAUSIBLE, "asked for " + field + " " + wanted + ", got " + got.get())
          .rejectedFor(RejectReason.OTHER_KIND);
    }
  }

  private Duration period(JsonBody row) throws CarbonUnavailable {
    String field = "temporalGranularity";
    String granularity =
        row.optionalPart(() -> row.text(field))
            .or(() -> body.optionalPart(() -> body.text(field)))
            .orElse("hourly");
    return switch (granularity) {
      case "hourly" -> Duration.ofHours(1);
      case "15_minutes" -> Duration.ofMinutes(15);
      case "5_minutes" -> Duration.ofMinutes(5);
      default ->
          throw row.unavailable(
              FailureReason.MALFORMED, "unknown temporalGranularity \"" + granularity + "\"");
    };
  }

  private static Provenance provenance(JsonBody row) throws CarbonUnavailable {
    Optional<String> method = row.optionalPart(() -> row.text("estimationMethod"));
    refuseSandbox(row, method);
    boolean measured =
        row.optionalPart(() -> row.bool("isEstimated")).filter(estimated -> !estimated).isPresent();
    return measured
        ? new Provenance.Measured()
        : new Provenance.Estimated(method.orElse("unstated"));
  }

  private static void refuseSandbox(JsonBody row, Optional<String> method)
      throws CarbonUnavailable {
    if (method.filter(SANDBOX::equals).isPresent()) {
      throw row.unavailable(
              FailureReason.IMPLAUSIBLE, "the token is a sandbox's, its numbers are made up")
          .rejectedFor(RejectReason.SANDBOX);
    }
  }
}
