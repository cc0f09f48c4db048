package chase.carbon.neso;

import static chase.carbon.http.StatusMeaning.phrase;
import static chase.carbon.http.StatusMeaning.status;
import static chase.carbon.http.StatusMeaning.webPage;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.ServedRegion;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.http.AccessTrial;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.StatusMeaning;
import chase.carbon.http.TimePages;
import chase.carbon.neso.NesoParser.WantedValue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Great Britain's intensity, or that of a part of it, by half hours. */
public final class Neso implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "neso";

  /** The API of the system operator. */
  public static final URI DEFAULT_URL = URI.create("https://api.carbonintensity.org.uk");

  /** The nation and its regions; postcodes and numbers are taken besides. */
  public static final List<ServedRegion> REGIONS =
      NesoArea.names().stream()
          .map(name -> ServedRegion.of(name, name.equals(NesoArea.NATION) ? "Great Britain" : name))
          .toList();

  static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.DIRECT);

  private static final String ATTRIBUTION = "Carbon Intensity API (NESO), CC BY 4.0";
  private static final String NOT_REACHED = "the API was not reached";
  private static final String NO_REGION = "no such region";
  private static final StatusMeaning STATUS =
      StatusMeaning.of(
          webPage(NOT_REACHED),
          status(403, FailureReason.PROVIDER_DOWN, NOT_REACHED),
          phrase("postcode", FailureReason.UNKNOWN_REGION, NO_REGION),
          phrase("region", FailureReason.UNKNOWN_REGION, NO_REGION));

  /** The API takes up to 14 days at once. */
  private static final TimePages PAGES = TimePages.of(Duration.ofDays(13));

  /** The next half hour may appear a while after it began. */
  private static final Duration LATENESS = Duration.ofMinutes(30);

  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final URI url;
  private final NesoArea area;
  private final ProviderHttp http;
  private final InstantSource clock;

  /**
   * A client that has not called yet.
   *
   * @param url the API, without a query
   * @throws IllegalArgumentException when the URL is unfit
   */
  public Neso(URI url, NesoArea area, ProviderHttp http, InstantSource clock) {
    this.url = BaseUrl.checked(PROVIDER + " url", url);
    this.area = area;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return area.region();
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
    return EnumSet.allOf(Ability.class);
  }

  /** The running half hour: as measured so far where the API says it, else as forecast. */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    return get(area.latest()).read(WantedValue.BEST).latest(clock.instant(), LATENESS);
  }

  /** The next two days, or less: the API was seen to end the same evening. */
  @Override
  public List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    String path = area.stretch(MINUTES.format(clock.instant()) + "/fw48h");
    return get(path).read(WantedValue.FORECAST).upcoming(clock.instant());
  }

  /** The nation's half hours as measured; a region's as forecast, for regions are not measured. */
  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    return PAGES.read(
        from,
        to,
        (start, end) ->
            get(area.stretch(MINUTES.format(start) + "/" + MINUTES.format(end)))
                .read(WantedValue.ACTUAL)
                .between(start, end));
  }

  /** One call, for the running half hour. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    return new AccessTrial(this, http).withoutKey(this::current);
  }

  private NesoParser get(String path) throws CarbonUnavailable, InterruptedException {
    ProviderRequest request = ProviderRequest.to(PROVIDER + " " + region(), url, path);
    return new NesoParser(http.get(request, STATUS).json(), area, clock.instant());
  }
}
