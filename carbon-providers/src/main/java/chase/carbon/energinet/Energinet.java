package chase.carbon.energinet;

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
import chase.carbon.http.PeriodRows;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.TimePages;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * West (DK1) or east (DK2) Denmark's intensity by five minutes: of what is consumed there, from the
 * fuel that each plant burns and what is exchanged with the neighbours.
 */
public final class Energinet implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "energinet";

  /** Energinet's API. */
  public static final URI DEFAULT_URL = URI.create("https://api.energidataservice.dk");

  /** The price areas that have a carbon intensity. */
  public static final List<ServedRegion> REGIONS =
      List.of(ServedRegion.of("DK1", "West Denmark"), ServedRegion.of("DK2", "East Denmark"));

  static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.DIRECT);

  static final String ATTRIBUTION = "Energi Data Service (Energinet), CC BY 4.0";

  private static final String MEASURED = "CO2Emis";
  private static final String PROGNOSIS = "CO2EmisProg";

  /**
   * A value may be this late and still be preferred to the prognosis for now: the API has new ones
   * every 15 minutes.
   */
  private static final Duration LATENESS = Duration.ofMinutes(20);

  private static final Duration LOOK_BACK = Duration.ofHours(1);
  private static final TimePages PAGES = TimePages.of(Duration.ofDays(30));

  private final EnerginetDataset dataset;
  private final ProviderHttp http;
  private final InstantSource clock;

  /**
   * A client that has not called yet.
   *
   * @throws IllegalArgumentException when the URL is unfit, or the area none of {@link #REGIONS}
   */
  public Energinet(URI url, Region area, ProviderHttp http, InstantSource clock) {
    if (!ServedRegion.codes(REGIONS).contains(area.code())) {
      throw new IllegalArgumentException(PROVIDER + " region: must be DK1 or DK2, is " + area);
    }
    this.dataset = new EnerginetDataset(BaseUrl.checked(PROVIDER + " url", url), area, http);
    this.http = http;
    this.clock = clock;
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return dataset.area();
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

  /** The newest measured five minutes, or when those are late the prognosis for now. */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    try {
      return measured(now.minus(LOOK_BACK), Optional.empty()).latest(now, LATENESS);
    } catch (CarbonUnavailable late) {
      if (late.reason() != FailureReason.NO_DATA) {
        throw late;
      }
      return prognosis(now).latest(now, Duration.ZERO);
    }
  }

  /** At least nine hours, at most to the end of tomorrow. */
  @Override
  public List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    return prognosis(now).upcoming(now);
  }

  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    return PAGES.read(
        from, to, (start, end) -> measured(start, Optional.of(end)).between(start, end));
  }

  /** One call, for the prognosis. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    return new AccessTrial(this, http).withoutKey(this::forecast);
  }

  private PeriodRows<CarbonIntensity> measured(Instant from, Optional<Instant> to)
      throws CarbonUnavailable, InterruptedException {
    var body = dataset.rows(MEASURED, EmissionsParser.TIME, from, to).json();
    return new EmissionsParser(body, region(), clock.instant()).read(false);
  }

  private PeriodRows<CarbonIntensity> prognosis(Instant now)
      throws CarbonUnavailable, InterruptedException {
    var body =
        dataset
            .rows(PROGNOSIS, EmissionsParser.TIME, now.minus(LOOK_BACK), Optional.empty())
            .json();
    return new EmissionsParser(body, region(), clock.instant()).read(true);
  }
}
