package chase.carbon.odre;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.ServedRegion;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.http.AccessTrial;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.JsonBody;
import chase.carbon.http.PeriodRows;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.StatusMeaning;
import chase.carbon.http.TimePages;
import chase.carbon.plausibility.ZeroCheck;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** France's intensity by quarters of an hour as RTE estimates it in real time: average, direct. */
public final class Odre implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "odre";

  /** The API of Open Data Reseaux Energies. */
  public static final URI DEFAULT_URL = URI.create("https://odre.opendatasoft.com");

  /** France. */
  public static final List<ServedRegion> REGIONS = List.of(ServedRegion.of("FR", "France"));

  private static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.DIRECT);
  private static final String ATTRIBUTION =
      "RTE eCO2mix through ODRE, Licence Ouverte 2.0 (Etalab)";

  private static final String PATH =
      "api/explore/v2.1/catalog/datasets/eco2mix-national-tr/records";
  private static final String TIME = "date_heure";
  private static final String RATE = "taux_co2";
  private static final Duration PERIOD = Duration.ofMinutes(15);

  /** The API gives no more rows at once: a day and an hour. */
  private static final int MOST_ROWS = 100;

  private static final TimePages PAGES = TimePages.of(PERIOD.multipliedBy(MOST_ROWS - 4));

  /** Each day is a call; more of them would keep the first number away for seconds. */
  private static final Duration LONGEST_PAST = Duration.ofDays(7);

  /** The rows appear half an hour late or more; longer ago they do not count as the present. */
  private static final Duration LATENESS = Duration.ofHours(3);

  private static final String NOT_REACHED = "the API was not reached";
  private static final StatusMeaning STATUS =
      StatusMeaning.of(
          StatusMeaning.webPage(NOT_REACHED),
          StatusMeaning.status(403, FailureReason.PROVIDER_DOWN, NOT_REACHED));

  private final URI url;
  private final Region region;
  private final ProviderHttp http;
  private final InstantSource clock;

  /**
   * A client that has not called yet.
   *
   * @param region {@code FR}, in any case
   * @throws IllegalArgumentException when the URL is unfit or the region another
   */
  public Odre(URI url, Region region, ProviderHttp http, InstantSource clock) {
    if (!region.code().strip().equalsIgnoreCase("FR")) {
      throw new IllegalArgumentException(PROVIDER + " region: must be FR, is " + region);
    }
    this.url = BaseUrl.checked(PROVIDER + " url", url);
    this.region = region;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return region;
  }

  @Override
  public SignalKind kind() {
    return KIND;
  }

  @Override
  public Optional<String> attribution() {
    return Optional.of(ATTRIBUTION);
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.LATEST, Ability.HISTORY);
  }

  /** The newest quarter of an hour that has a number: rows to come are there without one. */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    ProviderRequest newest =
        rows(RATE + " is not null").query("order_by", TIME + " desc").query("limit", "1");
    return read(newest).latest(clock.instant(), LATENESS);
  }

  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    Instant earliest = to.minus(LONGEST_PAST);
    return PAGES.read(from.isBefore(earliest) ? earliest : from, to, this::page);
  }

  private List<CarbonIntensity> page(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    String where =
        "%s is not null and %s >= date'%s' and %s < date'%s'"
            .formatted(RATE, TIME, seconds(from), TIME, seconds(to));
    ProviderRequest request =
        rows(where).query("order_by", TIME + " asc").query("limit", Integer.toString(MOST_ROWS));
    return read(request).between(from, to);
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  private ProviderRequest rows(String where) {
    return ProviderRequest.to(PROVIDER + " " + region, url, PATH)
        .query("select", TIME + "," + RATE)
        .query("where", where);
  }

  /** One call, for the newest row. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    return new AccessTrial(this, http).withoutKey(this::current);
  }

  private PeriodRows<CarbonIntensity> read(ProviderRequest request)
      throws CarbonUnavailable, InterruptedException {
    JsonBody body = http.get(request, STATUS).json();
    PeriodRows<CarbonIntensity> series = new PeriodRows<>(body, ZeroCheck::credible);
    for (JsonBody row : body.objects("results").orElseThrow(() -> body.missing("results"))) {
      series.add(() -> read(row));
    }
    return series;
  }

  private CarbonIntensity read(JsonBody row) throws CarbonUnavailable {
    Instant from = row.instant(TIME).orElseThrow(() -> row.missing(TIME));
    double grams =
        row.number(RATE)
            .orElseThrow(() -> row.unavailable(FailureReason.NO_DATA, "no number for " + from));
    Instant now = clock.instant();
    return new CarbonIntensity(
        row.intensity(grams),
        KIND,
        new Provenance.Measured(),
        PROVIDER,
        region,
        from,
        from.plus(PERIOD),
        now,
        now,
        Optional.empty());
  }
}
