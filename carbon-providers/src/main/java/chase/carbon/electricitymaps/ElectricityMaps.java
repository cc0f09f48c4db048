package chase.carbon.electricitymaps;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.ClockSkew;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.Scope;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.CredentialFormat;
import chase.carbon.http.JsonBody;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The average intensity of one zone, as Electricity Maps knows it: the running hour, and as the
 * key's plan allows the last 24 hours and the hours to come. It asks anew at each call.
 */
public final class ElectricityMaps implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "electricitymaps";

  /** The API's fourth version; a base that ends in {@code /v3} works as well. */
  public static final URI DEFAULT_URL = URI.create("https://api.electricitymaps.com/v4");

  /**
   * What to ask, and as whom.
   *
   * @param url the API with its version, without a query
   * @param token the key of the account
   * @param region the zone, such as {@code US-CAL-CISO}
   * @param scope lifecycle or direct emissions
   * @param horizonHours how far the forecast is to reach: 6, 24, 48 or 72, as the plan allows
   */
  public record ZoneOptions(URI url, String token, Region region, Scope scope, int horizonHours) {
    private static final Set<Integer> HORIZONS = Set.of(6, 24, 48, 72);

    /**
     * Refuses an unfit URL or token, an unstated scope and a horizon that the API does not know
     * with {@link IllegalArgumentException}.
     */
    public ZoneOptions {
      BaseUrl.checked(PROVIDER + " url", url);
      CredentialFormat.token(PROVIDER + " token", token);
      if (scope == Scope.UNSTATED) {
        throw new IllegalArgumentException(PROVIDER + " scope: must be lifecycle or direct");
      }
      if (!HORIZONS.contains(horizonHours)) {
        throw new IllegalArgumentException(
            PROVIDER + " horizon-hours: must be 6, 24, 48 or 72, is " + horizonHours);
      }
    }

    String subject() {
      return PROVIDER + " " + region;
    }

    String emissionFactorType() {
      return scope.name().toLowerCase(Locale.ROOT);
    }

    /** All but the token. */
    @Override
    public String toString() {
      return PROVIDER + " " + region + " (" + emissionFactorType() + ") at " + url;
    }
  }

  private static final Duration OLDEST = Duration.ofDays(2);

  private final ZoneOptions options;
  private final ProviderHttp http;
  private final InstantSource clock;

  /** A source that was not asked yet. */
  public ElectricityMaps(ZoneOptions options, ProviderHttp http, InstantSource clock) {
    this.options = options;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return options.region();
  }

  @Override
  public SignalKind kind() {
    return new SignalKind(SignalKind.Margin.AVERAGE, options.scope());
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  /**
   * The zone's latest number, which the provider may have estimated.
   *
   * @throws CarbonUnavailable for each way in which there is none; a number from a sandbox key, or
   *     outside 0 to 3000 gCO2/kWh, is {@code IMPLAUSIBLE}
   */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    return latest(get("latest"));
  }

  @Override
  public List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    ProviderRequest question =
        request("forecast").query("horizonHours", Integer.toString(options.horizonHours()));
    ProviderResponse answer = getPath("carbon-intensity/forecast", question);
    return new IntensityListParser(answer.json(), options).forecast(clock.instant());
  }

  /** The API keeps the last 24 hours for this; what lies before is left out. */
  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    ProviderResponse answer = get("history");
    return new IntensityListParser(answer.json(), options).history(from, to, clock.instant());
  }

  /** Asks for the number for now and the key's zones, two calls, or three when there is trouble. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    return new ZoneCheck(this).check();
  }

  /** How far the clocks are apart, once the number for now was had. */
  Optional<ClockSkew> measureClockSkew() throws CarbonUnavailable, InterruptedException {
    ProviderResponse answer = get("latest");
    latest(answer);
    return answer.clockSkew(clock.instant());
  }

  /** The zones of the key, or without it all that there are. */
  Zones zones(boolean ofKey) throws CarbonUnavailable, InterruptedException {
    ProviderRequest question = ProviderRequest.to(options.subject(), options.url(), "zones");
    return new Zones(getPath("zones", ofKey ? withKey(question) : question).json());
  }

  /**
   * The row of the coming period may be there early; one further ahead would never grow old, and
   * one of another day says nothing of now.
   */
  private CarbonIntensity latest(ProviderResponse answer) throws CarbonUnavailable {
    Instant now = clock.instant();
    JsonBody body = answer.json();
    CarbonIntensity latest = new ElectricityMapsParser(body, body, options).intensity(now);
    if (latest.validFrom().isAfter(now.plus(latest.period()))
        || latest.age(now).compareTo(OLDEST) > 0) {
      throw answer.notForNow(
          "the number is for " + latest.validFrom() + ", but here it is " + now, now);
    }
    return latest;
  }

  private ProviderResponse get(String what) throws CarbonUnavailable, InterruptedException {
    return getPath("carbon-intensity/" + what, request(what));
  }

  private ProviderResponse getPath(String path, ProviderRequest question)
      throws CarbonUnavailable, InterruptedException {
    ProviderResponse answer = http.get(question);
    if (!answer.isSuccess()) {
      throw StatusMeaning.of(answer, path);
    }
    return answer;
  }

  /** The zone is always named, or the provider would take that of the caller's address. */
  private ProviderRequest request(String what) {
    return withKey(ProviderRequest.to(options.subject(), options.url(), "carbon-intensity/" + what))
        .query("zone", region().code())
        .query("disableCallerLookup", "true")
        .query("emissionFactorType", options.emissionFactorType());
  }

  private ProviderRequest withKey(ProviderRequest question) {
    return question.header("auth-token", options.token()).hiding(options.token());
  }
}
