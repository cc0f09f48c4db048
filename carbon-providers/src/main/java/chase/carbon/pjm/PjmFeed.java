package chase.carbon.pjm;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.TimeBounds;
import chase.carbon.fuelmix.FuelRow;
import chase.carbon.fuelmix.MixArithmetic;
import chase.carbon.fuelmix.MixSeries;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One of the operator's feeds, and how its {@code items} become intensities. */
sealed interface PjmFeed {
  /** The feed's name, the end of its address. */
  String name();

  /** The kind of its intensities. */
  SignalKind kind();

  /** How long after its period the newest row may be published. */
  Duration lateness();

  /** The request with what this feed alone takes. */
  ProviderRequest narrowed(ProviderRequest request);

  /** The rows of a response that came at {@code now}. */
  PeriodRows<CarbonIntensity> read(ProviderResponse response, Instant now) throws CarbonUnavailable;

  /**
   * {@code fivemin_marginal_emissions}: {@code marginal_co2_rate} in lb/MWh, of the plants that
   * answered to demand in those five minutes. It takes a node by number alone, and no order.
   */
  record MarginalRate(PjmArea area) implements PjmFeed {
    private static final String RATE = "marginal_co2_rate";
    private static final Duration STEP = Duration.ofMinutes(5);

    @Override
    public String name() {
      return "fivemin_marginal_emissions";
    }

    @Override
    public SignalKind kind() {
      return new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT);
    }

    @Override
    public Duration lateness() {
      return Duration.ofMinutes(30);
    }

    @Override
    public ProviderRequest narrowed(ProviderRequest request) {
      return request.query("pnode_id", Long.toString(area.pnode()));
    }

    @Override
    public PeriodRows<CarbonIntensity> read(ProviderResponse response, Instant now)
        throws CarbonUnavailable {
      JsonBody body = response.json();
      PeriodRows<CarbonIntensity> rows = new PeriodRows<>(body);
      for (JsonBody item : items(body)) {
        rows.add(() -> intensity(item, now));
      }
      return rows;
    }

    private CarbonIntensity intensity(JsonBody item, Instant now) throws CarbonUnavailable {
      double node = item.number("pnode_id").orElseThrow(() -> item.missing("pnode_id"));
      if (node != area.pnode()) {
        throw item.unavailable(
            FailureReason.IMPLAUSIBLE,
            String.format(Locale.ROOT, "asked for node %d, got %.0f", area.pnode(), node));
      }
      Instant from = start(item);
      double pounds =
          item.number(RATE)
              .orElseThrow(() -> item.unavailable(FailureReason.NO_DATA, "no rate for " + from));
      return new CarbonIntensity(
          item.intensity(pounds < 0 ? pounds : GramsPerKwh.ofPoundsPerMwh(bounded(pounds)).value()),
          kind(),
          new Provenance.Estimated("the operator's marginal rate"),
          Pjm.PROVIDER,
          area.region(),
          from,
          from.plus(STEP),
          now,
          now,
          Optional.empty());
    }

    /** An infinite rate is refused as an intensity that cannot be true. */
    private static double bounded(double pounds) {
      return Math.min(pounds, 10 * JsonBody.IMPOSSIBLE_GRAMS);
    }
  }

  /** {@code gen_by_fuel}: {@code mw} by {@code fuel_type} and hour, of the whole grid. */
  record GenerationByFuel(PjmArea area, MixSeries series) implements PjmFeed {
    private static final Duration STEP = Duration.ofHours(1);

    /** Refuses a zone with {@link IllegalArgumentException}: the feed has none. */
    public GenerationByFuel {
      if (!area.isWhole()) {
        throw new IllegalArgumentException(
            Pjm.PROVIDER
                + " region: the average is known of PJM as a whole only, not of "
                + area.region());
      }
    }

    static GenerationByFuel of(PjmArea area, EmissionScope scope) {
      SignalKind kind = new SignalKind(Margin.AVERAGE, scope);
      var arithmetic = new MixArithmetic(Pjm.PROVIDER + " " + area.region(), scope);
      return new GenerationByFuel(
          area, new MixSeries(Pjm.PROVIDER, area.region(), kind, STEP, arithmetic));
    }

    @Override
    public String name() {
      return "gen_by_fuel";
    }

    @Override
    public SignalKind kind() {
      return series.kind();
    }

    @Override
    public Duration lateness() {
      return Duration.ofHours(2);
    }

    @Override
    public ProviderRequest narrowed(ProviderRequest request) {
      return request;
    }

    @Override
    public PeriodRows<CarbonIntensity> read(ProviderResponse response, Instant now)
        throws CarbonUnavailable {
      List<FuelRow> rows = new ArrayList<>();
      for (JsonBody item : items(response.json())) {
        item.optionalPart(() -> row(item)).ifPresent(rows::add);
      }
      return series.of(response, FuelRow.mixes(rows), now);
    }

    private static Optional<FuelRow> row(JsonBody item) throws CarbonUnavailable {
      String fuel = item.text("fuel_type").orElseThrow(() -> item.missing("fuel_type"));
      Instant from = start(item);
      return item.number("mw").map(megawatts -> new FuelRow(from, fuel, megawatts));
    }
  }

  private static List<JsonBody> items(JsonBody body) throws CarbonUnavailable {
    return body.objects("items").orElseThrow(() -> body.missing("items"));
  }

  /** The API writes UTC without saying so, most feeds in ISO 8601 and some as Americans do. */
  private static Instant start(JsonBody item) throws CarbonUnavailable {
    String field = "datetime_beginning_utc";
    String text = item.text(field).orElseThrow(() -> item.missing(field));
    if (!text.contains("/")) {
      return item.utc(field).orElseThrow(() -> item.missing(field));
    }
    try {
      return TimeBounds.checked(LocalDateTime.parse(text, AMERICAN).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException notATime) {
      throw item.unavailable(
          FailureReason.MALFORMED, "the answer's " + field + " " + text + " is not a time");
    }
  }

  /** Such as {@code 5/15/2026 1:00:00 AM}. */
  DateTimeFormatter AMERICAN = DateTimeFormatter.ofPattern("M/d/uuuu h:mm:ss a", Locale.ENGLISH);
}
