package chase.carbon.electricitymaps;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.http.JsonBody;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads one number with its time: the body of {@code /carbon-intensity/latest}, or an entry of a
 * history or forecast. v3 and v4 share the shape.
 *
 * @param row the object
 * @param body the whole answer, which may say the granularity for all rows
 * @param options what was asked
 */
record ElectricityMapsParser(JsonBody row, JsonBody body, ElectricityMaps.ZoneOptions options) {
  /** No grid reaches it: the dirtiest lignite plant stays near half of it. */
  private static final double IMPOSSIBLE_GRAMS = 3000;

  private static final String SANDBOX = "SANDBOX_MODE_DATA";

  CarbonIntensity intensity(Instant now) throws CarbonUnavailable {
    GramsPerKwh value = value();
    return intensity(
        value, origin(), row.optionalPart(() -> row.instant("updatedAt")).orElse(now), now);
  }

  CarbonIntensity forecast(Instant publishedAt, Instant now) throws CarbonUnavailable {
    GramsPerKwh value = value();
    refuseSandbox(row.optionalPart(() -> row.text("estimationMethod")));
    Duration ahead = Duration.between(publishedAt, from());
    Provenance origin =
        new Provenance.ForecastByProvider(ahead.isNegative() ? Duration.ZERO : ahead);
    return intensity(value, origin, publishedAt, now);
  }

  private CarbonIntensity intensity(
      GramsPerKwh value, Provenance origin, Instant publishedAt, Instant now)
      throws CarbonUnavailable {
    Instant from = from();
    refuseOther("zone", options.region().code());
    refuseOther("emissionFactorType", options.emissionFactorType());
    return new CarbonIntensity(
        value,
        new SignalKind(SignalKind.Margin.AVERAGE, options.scope()),
        origin,
        ElectricityMaps.PROVIDER,
        options.region(),
        from,
        from.plus(period()),
        publishedAt,
        now,
        Optional.empty());
  }

  private Instant from() throws CarbonUnavailable {
    return row.instant("datetime").orElseThrow(() -> row.missing("datetime"));
  }

  /** A failure may come as a 200 without a number. */
  private GramsPerKwh value() throws CarbonUnavailable {
    Optional<Double> grams = grams();
    if (row.raw("error").filter(JsonNode::isTextual).isPresent() || grams.isEmpty()) {
      throw row.unavailable(FailureReason.NO_DATA, "answered without a number: " + row.errorText());
    }
    if (!(grams.get() >= 0 && grams.get() < IMPOSSIBLE_GRAMS)) {
      throw row.unavailable(
              FailureReason.IMPLAUSIBLE,
              "the intensity " + grams.get() + " gCO2/kWh cannot be true")
          .rejectedFor(RejectReason.ofImpossible(grams.get()));
    }
    return new GramsPerKwh(grams.get());
  }

  /** Forecasts were seen with the number inside an object. */
  private Optional<Double> grams() throws CarbonUnavailable {
    boolean inside = row.raw("carbonIntensity").filter(node -> node.isObject()).isPresent();
    return inside
        ? row.object("carbonIntensity").orElseThrow().number("value")
        : row.number("carbonIntensity");
  }

  private void refuseOther(String field, String wanted) throws CarbonUnavailable {
    Optional<String> got = row.optionalPart(() -> row.text(field));
    if (got.isPresent() && !got.get().equalsIgnoreCase(wanted)) {
      throw row.unavailable(
              FailureReason.IMPLAUSIBLE, "asked for " + field + " " + wanted + ", got " + got.get())
          .rejectedFor(RejectReason.OTHER_KIND);
    }
  }

  private Duration period() throws CarbonUnavailable {
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

  private Provenance origin() throws CarbonUnavailable {
    Optional<String> method = row.optionalPart(() -> row.text("estimationMethod"));
    refuseSandbox(method);
    boolean measured =
        row.optionalPart(() -> row.bool("isEstimated")).filter(estimated -> !estimated).isPresent();
    return measured
        ? new Provenance.Measured()
        : new Provenance.Estimated(method.orElse("unstated"));
  }

  private void refuseSandbox(Optional<String> method) throws CarbonUnavailable {
    if (method.filter(SANDBOX::equals).isPresent()) {
      throw row.unavailable(
              FailureReason.IMPLAUSIBLE, "the token is a sandbox's, its numbers are made up")
          .rejectedFor(RejectReason.SANDBOX);
    }
  }
}
