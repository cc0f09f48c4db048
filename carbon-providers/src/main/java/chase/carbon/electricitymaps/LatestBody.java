package chase.carbon.electricitymaps;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Origin;
import chase.carbon.Signal;
import chase.carbon.http.JsonBody;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads the body of {@code /carbon-intensity/latest}, which v3 and v4 share. */
record LatestBody(JsonBody body, ElectricityMaps.Options asked) {
  /** No grid reaches it: the dirtiest lignite plant stays near half of it. */
  private static final double IMPOSSIBLE_GRAMS = 3000;

  private static final String SANDBOX = "SANDBOX_MODE_DATA";

  CarbonIntensity intensity(Instant now) throws CarbonUnavailable {
    GramsPerKwh value = value();
    refuseOtherSubject();
    Instant from = body.instant("datetime").orElseThrow(() -> body.lacks("datetime"));
    Duration period = period();
    refuseFuture(from, period, now);
    return new CarbonIntensity(
        value,
        new Signal(Signal.Margin.AVERAGE, asked.scope()),
        origin(),
        ElectricityMaps.PROVIDER,
        asked.region(),
        from,
        from.plus(period),
        body.instant("updatedAt").orElse(from),
        now,
        Optional.empty());
  }

  /** A failure may come as a 200 without a number. */
  private GramsPerKwh value() throws CarbonUnavailable {
    Optional<Double> grams = body.number("carbonIntensity");
    if (body.raw("error").isPresent() || grams.isEmpty()) {
      throw body.unavailable(Reason.NO_DATA, "answered without a number: " + body.words());
    }
    if (!(grams.get() > 0 && grams.get() < IMPOSSIBLE_GRAMS)) {
      throw body.unavailable(
          Reason.IMPLAUSIBLE, "the intensity " + grams.get() + " gCO2/kWh cannot be true");
    }
    return new GramsPerKwh(grams.get());
  }

  private void refuseOtherSubject() throws CarbonUnavailable {
    refuseOther("zone", asked.region().code());
    refuseOther("emissionFactorType", asked.emissionFactorType());
  }

  private void refuseOther(String field, String wanted) throws CarbonUnavailable {
    Optional<String> got = body.text(field);
    if (got.isPresent() && !got.get().equalsIgnoreCase(wanted)) {
      throw body.unavailable(
          Reason.IMPLAUSIBLE, "asked for " + field + " " + wanted + ", got " + got.get());
    }
  }

  private Duration period() throws CarbonUnavailable {
    String granularity = body.text("temporalGranularity").orElse("hourly");
    return switch (granularity) {
      case "hourly" -> Duration.ofHours(1);
      case "15_minutes" -> Duration.ofMinutes(15);
      case "5_minutes" -> Duration.ofMinutes(5);
      default ->
          throw body.unavailable(
              Reason.MALFORMED, "unknown temporalGranularity \"" + granularity + "\"");
    };
  }

  /** The row of the coming period may be there early; one further ahead would never grow old. */
  private void refuseFuture(Instant from, Duration period, Instant now) throws CarbonUnavailable {
    if (from.isAfter(now.plus(period))) {
      throw body.unavailable(
          Reason.NO_DATA,
          "the number is for " + from + ", but here it is " + now + "; is a clock wrong?");
    }
  }

  private Origin origin() throws CarbonUnavailable {
    Optional<String> method = body.text("estimationMethod");
    if (method.filter(SANDBOX::equals).isPresent()) {
      throw body.unavailable(
          Reason.IMPLAUSIBLE, "the token is a sandbox's, its numbers are made up");
    }
    boolean measured = body.flag("isEstimated").filter(estimated -> !estimated).isPresent();
    return measured ? new Origin.Measured() : new Origin.Estimated(method.orElse("unstated"));
  }
}
