package chase.carbon.electricitymaps;

import static chase.carbon.http.StatusMeaning.phrase;
import static chase.carbon.http.StatusMeaning.status;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.http.AccessTrial;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.CredentialFormat;
import chase.carbon.http.JsonBody;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import chase.carbon.http.StatusMeaning;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The average intensity of one zone, as Electricity Maps knows it: the running hour, and as the
 * key's plan allows the last and the next hours.
 */
public final class ElectricityMaps implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "electricity-maps";

  /** The API's fourth version; a base that ends in {@code /v3} works as well. */
  public static final URI DEFAULT_URL = URI.create("https://api.electricitymaps.com/v4");

  /** How far a forecast may reach, in hours; what a plan gives is among them. */
  public static final Set<Integer> HORIZON_HOURS = Set.of(6, 24, 48, 72);

  /**
   * Which zone, and with which key.
   *
   * @param url the API with its version, without a query
   * @param token the key of the account
   * @param region the zone, such as {@code US-CAL-CISO}
   * @param scope lifecycle or direct emissions
   * @param horizonHours how far the forecast is to reach: 6, 24, 48 or 72, as the plan allows
   */
  public record ZoneOptions(
      URI url, String token, Region region, EmissionScope scope, int horizonHours) {
    /**
     * Refuses an unfit URL or token, an unstated scope and a horizon that the API does not know
     * with {@link IllegalArgumentException}.
     */
    public ZoneOptions {
      BaseUrl.checked(PROVIDER + " url", url);
      CredentialFormat.token(PROVIDER + " token", token);
      if (scope == EmissionScope.UNSTATED) {
        throw new IllegalArgumentException(PROVIDER + " scope: must be lifecycle or direct");
      }
      if (!HORIZON_HOURS.contains(horizonHours)) {
        throw new IllegalArgumentException(
            PROVIDER + " horizon-hours: must be 6, 24, 48 or 72, is " + horizonHours);
      }
    }

    String subject() {
      return PROVIDER + " " + region;
    }

    SignalKind kind() {
      return new SignalKind(Margin.AVERAGE, scope);
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

  private static final String NOT_COVERED = "the token's plan does not cover this zone";
  private static final String NOT_REACHED = "the API was not reached; check the URL";

  private final ZoneOptions options;
  private final ProviderHttp http;
  private final InstantSource clock;

  /** A client that has not called yet. */
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
    return options.kind();
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  /**
   * The zone's latest value, which the provider may have estimated. The row of the next period may
   * be there early; one further ahead would never grow old, and one of another day says nothing of
   * now.
   *
   * @throws CarbonUnavailable when there is none; a value from a sandbox key, or outside 0 to 3000
   *     gCO2/kWh, is {@code IMPLAUSIBLE}
   */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    JsonBody body = get("latest", zoneRequest("latest"));
    Instant now = clock.instant();
    CarbonIntensity latest = new ElectricityMapsParser(body, options).latest(now);
    if (latest.validFrom().isAfter(now.plus(latest.period()))
        || latest.age(now).compareTo(OLDEST) > 0) {
      throw body.notForNow(
          "the number is for " + latest.validFrom() + ", but here it is " + now, now);
    }
    return latest;
  }

  @Override
  public List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    String hours = Integer.toString(options.horizonHours());
    JsonBody body = get("forecast", zoneRequest("forecast").query("horizonHours", hours));
    return new ElectricityMapsParser(body, options).forecast(clock.instant());
  }

  /** The API keeps the last 24 hours for this; what lies before is left out. */
  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    JsonBody body = get("history", zoneRequest("history"));
    return new ElectricityMapsParser(body, options).history(from, to, clock.instant());
  }

  /** Asks for the value for now and the key's zones: two calls, or three when one is refused. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    ZoneCheck zones = new ZoneCheck(this);
    return new AccessTrial(this, http).check(this::current, zones::coverage, zones::explain);
  }

  /** The zones of the key, or without it all that there are. */
  Zones zones(boolean ofKey) throws CarbonUnavailable, InterruptedException {
    ProviderRequest request = ProviderRequest.to(options.subject(), options.url(), "zones");
    return new Zones(http.get(ofKey ? withKey(request) : request, statusMeaning("zones")).json());
  }

  private JsonBody get(String what, ProviderRequest request)
      throws CarbonUnavailable, InterruptedException {
    return http.get(request, statusMeaning("carbon-intensity/" + what)).json();
  }

  private static StatusMeaning statusMeaning(String path) {
    return StatusMeaning.of(
        phrase("Token unauthorized for zoneKey", FailureReason.NOT_ENTITLED, NOT_COVERED),
        phrase(
            "Endpoint not available",
            FailureReason.ENDPOINT_NOT_IN_PLAN,
            "the token's plan does not cover " + path),
        phrase("does not exist", FailureReason.UNKNOWN_REGION, "no such zone"),
        status(401, FailureReason.BAD_KEY, "the token is not accepted"),
        status(403, FailureReason.PROVIDER_DOWN, NOT_REACHED).when(ProviderResponse::isHtml),
        status(403, FailureReason.NOT_ENTITLED, NOT_COVERED),
        status(404, FailureReason.NO_DATA, "no data for this zone now")
            .when(response -> response.bodyContains("\"error\"")),
        status(404, FailureReason.PROVIDER_DOWN, NOT_REACHED));
  }

  /** The zone is always named, or the provider would take that of the caller's address. */
  private ProviderRequest zoneRequest(String what) {
    return withKey(ProviderRequest.to(options.subject(), options.url(), "carbon-intensity/" + what))
        .query("zone", region().code())
        .query("disableCallerLookup", "true")
        .query("emissionFactorType", options.emissionFactorType());
  }

  private ProviderRequest withKey(ProviderRequest request) {
    return request.header("auth-token", options.token()).hiding(options.token());
  }
}
