package chase.carbon.watttime;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Origin;
import chase.carbon.Region;
import chase.carbon.Signal;
import chase.carbon.http.JsonBody;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the body of {@code /v3/forecast}. */
record ForecastBody(JsonBody body, Region region) {
  private static final String UNITS = "lbs_co2_per_mwh";

  /** No plant reaches it: about half of it is the dirtiest. */
  private static final double IMPOSSIBLE_GRAMS = 3000;

  /** "Operating" in the signal's name says that fuel alone is counted. */
  private static final Signal SIGNAL = new Signal(Signal.Margin.MARGINAL, Signal.Scope.DIRECT);

  CarbonIntensity first(Instant now) throws CarbonUnavailable {
    JsonBody meta = meta();
    refuseOther(meta, "units", UNITS);
    refuseOther(meta, "signal_type", WattTime.SIGNAL_TYPE);
    refuseOther(meta, "region", region.code());
    JsonBody point = point();
    Instant from = point.instant("point_time").orElseThrow(() -> point.lacks("point_time"));
    Duration period = period(meta);
    refuseFar(from, period, now);
    Instant generatedAt = meta.instant("generated_at").orElse(from);
    return new CarbonIntensity(
        value(point),
        SIGNAL,
        new Origin.Forecast(ahead(generatedAt, from)),
        WattTime.PROVIDER,
        region,
        from,
        from.plus(period),
        generatedAt,
        now,
        modelDate(meta));
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
    String said = warning.isTextual() ? warning.textValue() : warning.toString();
    if (warning.path("type").isTextual() && warning.path("message").isTextual()) {
      said = warning.path("type").textValue() + ": " + warning.path("message").textValue();
    }
    return said.replaceAll("[\\s\\p{Cntrl}]+", " ");
  }

  private JsonBody meta() throws CarbonUnavailable {
    return body.object("meta").orElseThrow(() -> body.lacks("meta"));
  }

  private JsonBody point() throws CarbonUnavailable {
    List<JsonBody> data = body.objects("data").orElseThrow(() -> body.lacks("data"));
    if (data.isEmpty()) {
      throw body.unavailable(Reason.NO_DATA, "the forecast is empty");
    }
    return data.getFirst();
  }

  /** A unit that is not stated is refused too: percentiles would pass for pounds. */
  private void refuseOther(JsonBody meta, String field, String wanted) throws CarbonUnavailable {
    String got = meta.text(field).orElseThrow(() -> meta.lacks(field));
    if (!got.equals(wanted)) {
      throw body.unavailable(
          Reason.IMPLAUSIBLE, "expected " + field + " " + wanted + ", got " + got);
    }
  }

  private Duration period(JsonBody meta) throws CarbonUnavailable {
    String field = "data_point_period_seconds";
    double seconds = meta.number(field).orElseThrow(() -> meta.lacks(field));
    if (!(seconds >= 1 && seconds <= 86_400)) {
      throw body.unavailable(Reason.MALFORMED, field + " is " + seconds);
    }
    return Duration.ofSeconds((long) seconds);
  }

  private void refuseFar(Instant from, Duration period, Instant now) throws CarbonUnavailable {
    if (Duration.between(from, now).abs().compareTo(period.multipliedBy(2)) > 0) {
      throw body.unavailable(
          Reason.NO_DATA,
          "the forecast begins at " + from + ", but here it is " + now + "; is a clock wrong?");
    }
  }

  /** Zero is true when surplus wind or sun answers to demand; less than zero is not. */
  private GramsPerKwh value(JsonBody point) throws CarbonUnavailable {
    Optional<Double> pounds = point.number("value");
    if (pounds.isEmpty()) {
      throw body.unavailable(Reason.NO_DATA, "the forecast has no value for now");
    }
    if (!(pounds.get() >= 0)
        || GramsPerKwh.ofPoundsPerMwh(pounds.get()).value() >= IMPOSSIBLE_GRAMS) {
      throw body.unavailable(
          Reason.IMPLAUSIBLE, "the intensity " + pounds.get() + " lb/MWh cannot be true");
    }
    return GramsPerKwh.ofPoundsPerMwh(pounds.get());
  }

  private static Duration ahead(Instant generatedAt, Instant from) {
    return generatedAt.isBefore(from) ? Duration.between(generatedAt, from) : Duration.ZERO;
  }

  /** A date that cannot be read is no reason to lose the number. */
  private static Optional<LocalDate> modelDate(JsonBody meta) throws CarbonUnavailable {
    Optional<JsonBody> model = meta.object("model");
    Optional<String> date = model.isPresent() ? model.get().text("date") : Optional.empty();
    try {
      return date.map(LocalDate::parse);
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }
}
