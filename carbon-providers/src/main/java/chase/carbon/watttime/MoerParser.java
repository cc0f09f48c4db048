package chase.carbon.watttime;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.PlainLine;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the bodies of {@code /v3/forecast} and {@code /v3/historical}, which share their shape. */
record MoerParser(JsonBody body, Region region) {
  private static final String UNITS = "lbs_co2_per_mwh";

  /** What the API documents for this signal. */
  private static final double USUAL_PERIOD_SECONDS = 300;

  /** Clocks differ, and a new forecast may be a period late. */
  private static final int PERIODS_AWAY = 2;

  /**
   * The first point, which must be near {@code now}. Where it was made as its period began it is
   * all that WattTime ever says of now, an estimate and no forecast.
   */
  CarbonIntensity first(Instant now) throws CarbonUnavailable {
    return forecastRows(now, true).nearest(now, PERIODS_AWAY);
  }

  /** The points from the one that runs at {@code now} on. */
  List<CarbonIntensity> ahead(Instant now) throws CarbonUnavailable {
    return forecastRows(now, false).upcoming(now);
  }

  private PeriodRows<CarbonIntensity> forecastRows(Instant now, boolean ofNow)
      throws CarbonUnavailable {
    JsonBody meta = checkedMeta();
    PeriodRows<CarbonIntensity> points = new PeriodRows<>(body);
    for (JsonBody point : data()) {
      points.add(() -> forecast(meta, point, now, ofNow));
    }
    return points;
  }

  /** Past points as the model saw them afterwards; none where the response holds none. */
  List<CarbonIntensity> past(Instant from, Instant to, Instant now) throws CarbonUnavailable {
    JsonBody meta = checkedMeta();
    String method = method(meta);
    PeriodRows<CarbonIntensity> points = new PeriodRows<>(body);
    for (JsonBody point : body.objects("data").orElseThrow(() -> body.missing("data"))) {
      points.add(() -> modelled(meta, point, method, now));
    }
    return points.between(from, to);
  }

  private static String method(JsonBody meta) {
    return meta.optionalPart(() -> meta.object("model"))
        .flatMap(model -> model.optionalPart(() -> model.text("type")))
        .orElse("model");
  }

  private CarbonIntensity forecast(JsonBody meta, JsonBody point, Instant now, boolean ofNow)
      throws CarbonUnavailable {
    Instant from = from(point);
    Instant generatedAt = meta.optionalPart(() -> meta.instant("generated_at")).orElse(from);
    Duration ahead = ahead(generatedAt, from);
    Provenance provenance =
        ofNow && ahead.isZero()
            ? new Provenance.Estimated(method(meta))
            : new Provenance.ForecastByProvider(ahead);
    return intensity(meta, point, provenance, generatedAt, now);
  }

  private CarbonIntensity modelled(JsonBody meta, JsonBody point, String method, Instant now)
      throws CarbonUnavailable {
    boolean imputed = point.optionalPart(() -> point.bool("imputed_data_used")).orElse(false);
    Provenance provenance = new Provenance.Estimated(imputed ? "imputed" : method);
    Instant updated = point.optionalPart(() -> point.instant("last_updated")).orElse(now);
    return intensity(meta, point, provenance, updated, now);
  }

  private CarbonIntensity intensity(
      JsonBody meta, JsonBody point, Provenance provenance, Instant publishedAt, Instant now)
      throws CarbonUnavailable {
    Instant from = from(point);
    return new CarbonIntensity(
        value(point),
        WattTime.KIND,
        provenance,
        WattTime.PROVIDER,
        region,
        from,
        from.plus(period(meta)),
        publishedAt,
        now,
        modelDate(meta));
  }

  private static Instant from(JsonBody point) throws CarbonUnavailable {
    return point.instant("point_time").orElseThrow(() -> point.missing("point_time"));
  }

  /** The provider's warnings, one line each, in whatever form they come. */
  List<String> warnings() throws CarbonUnavailable {
    List<String> lines = new ArrayList<>();
    JsonNode sent = meta().raw("warnings").orElse(MissingNode.getInstance());
    if (sent.isArray()) {
      sent.forEach(warning -> lines.add(line(warning)));
    } else if (!sent.isMissingNode()) {
      lines.add(line(sent));
    }
    return List.copyOf(lines);
  }

  private static String line(JsonNode warning) {
    String line = warning.isTextual() ? warning.textValue() : warning.toString();
    if (warning.path("type").isTextual() && warning.path("message").isTextual()) {
      line = warning.path("type").textValue() + ": " + warning.path("message").textValue();
    }
    return PlainLine.of(line.replaceAll("[\\s\\p{Cntrl}]+", " "));
  }

  private JsonBody meta() throws CarbonUnavailable {
    return body.object("meta").orElseThrow(() -> body.missing("meta"));
  }

  private JsonBody checkedMeta() throws CarbonUnavailable {
    JsonBody meta = meta();
    refuseOther(meta, "units", UNITS);
    refuseOther(meta, "signal_type", WattTime.SIGNAL_TYPE);
    if (meta.raw("region").isPresent()) {
      refuseOther(meta, "region", region.code());
    }
    return meta;
  }

  private List<JsonBody> data() throws CarbonUnavailable {
    List<JsonBody> data = body.objects("data").orElseThrow(() -> body.missing("data"));
    if (data.isEmpty()) {
      throw body.unavailable(FailureReason.NO_DATA, "the forecast is empty");
    }
    return data;
  }

  /** A unit that is not stated is refused too: percentiles would pass for pounds. */
  private void refuseOther(JsonBody meta, String field, String wanted) throws CarbonUnavailable {
    String got = meta.text(field).orElseThrow(() -> meta.missing(field));
    if (!got.equals(wanted)) {
      throw body.unavailable(
          FailureReason.IMPLAUSIBLE, "expected " + field + " " + wanted + ", got " + got);
    }
  }

  private Duration period(JsonBody meta) throws CarbonUnavailable {
    String field = "data_point_period_seconds";
    double seconds = meta.optionalPart(() -> meta.number(field)).orElse(USUAL_PERIOD_SECONDS);
    if (!(seconds >= 1 && seconds <= 86_400)) {
      throw body.unavailable(FailureReason.MALFORMED, field + " is " + seconds);
    }
    return Duration.ofSeconds((long) seconds);
  }

  /** Zero is true when surplus wind or sun answers to demand; less than zero is not. */
  private GramsPerKwh value(JsonBody point) throws CarbonUnavailable {
    Optional<Double> pounds = point.number("value");
    if (pounds.isEmpty()) {
      throw body.unavailable(FailureReason.NO_DATA, "the forecast has no value for now");
    }
    if (!(pounds.get() >= 0)
        || Double.isInfinite(pounds.get())
        || GramsPerKwh.ofPoundsPerMwh(pounds.get()).value() >= JsonBody.IMPOSSIBLE_GRAMS) {
      throw body.unavailable(
              FailureReason.IMPLAUSIBLE, "the intensity " + pounds.get() + " lb/MWh cannot be true")
          .rejectedFor(RejectReason.ofImpossible(pounds.get()));
    }
    return GramsPerKwh.ofPoundsPerMwh(pounds.get());
  }

  private static Duration ahead(Instant generatedAt, Instant from) {
    return generatedAt.isBefore(from) ? Duration.between(generatedAt, from) : Duration.ZERO;
  }

  /** A date that cannot be read is no reason to lose the value. */
  private static Optional<LocalDate> modelDate(JsonBody meta) {
    Optional<String> date =
        meta.optionalPart(() -> meta.object("model"))
            .flatMap(model -> model.optionalPart(() -> model.text("date")));
    try {
      return date.map(LocalDate::parse);
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }
}
