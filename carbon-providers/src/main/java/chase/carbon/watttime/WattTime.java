package chase.carbon.watttime;

import static chase.carbon.http.StatusMeaning.status;
import static chase.carbon.http.StatusMeaning.webPage;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Coordinates;
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
import chase.carbon.http.StatusMeaning;
import chase.carbon.http.TimePages;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The marginal intensity of one region, by five minutes. The value for now is the first point of
 * WattTime's forecast, which exists even when history is late or missing.
 */
public final class WattTime implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "watttime";

  /** WattTime's host; {@code /login} and {@code /v3} are found under it. */
  public static final URI DEFAULT_URL = URI.create("https://api.watttime.org");

  /** "Operating" in the signal's name says that fuel alone is counted. */
  static final SignalKind KIND = new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT);

  private static final int MOST_HOURS = 72;

  /** The API gives 32 days at once, both ends included. */
  private static final Duration LONGEST_STRETCH = Duration.ofDays(30);

  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final TimePages PAGES = new TimePages(LONGEST_STRETCH, PERIOD);

  /** A refusal says by its status whose fault it is, but a content network's page says nothing. */
  private static final StatusMeaning STATUS =
      StatusMeaning.of(
          webPage("refused before it reached the API"),
          status(401, FailureReason.BAD_KEY, "a fresh login is not accepted"),
          status(403, FailureReason.NOT_ENTITLED, "the account does not cover this region"),
          noSuchRegion(400),
          noSuchRegion(404),
          noSuchRegion(422));

  /** WattTime's marginal operating emissions rate. */
  static final String SIGNAL_TYPE = "co2_moer";

  /**
   * Which region, and with which account.
   *
   * @param url the host, without {@code /v3}
   * @param user the account's name
   * @param password its password
   * @param region such as {@code CAISO_NORTH}, the one region that is free of charge
   * @param horizonHours how far the forecast is to reach, 1 to 72
   * @param place where this host is, if the check is to compare it with the region
   */
  public record AccountOptions(
      URI url,
      String user,
      String password,
      Region region,
      int horizonHours,
      Optional<Coordinates> place) {
    /** Refuses an unfit URL, user or password with {@link IllegalArgumentException}. */
    public AccountOptions {
      BaseUrl.checked(PROVIDER + " url", url);
      if (url.getPath().matches(".*/v3/?")) {
        throw new IllegalArgumentException(
            PROVIDER + " url: must not end in /v3, because the login lies beside it, is " + url);
      }
      CredentialFormat.password(PROVIDER + " user", user);
      if (user.contains(":")) {
        throw new IllegalArgumentException(PROVIDER + " user: must not hold a colon");
      }
      CredentialFormat.password(PROVIDER + " password", password);
      if (horizonHours < 1 || horizonHours > MOST_HOURS) {
        throw new IllegalArgumentException(
            PROVIDER + " horizon-hours: must be from 1 to 72, is " + horizonHours);
      }
    }

    String subject() {
      return PROVIDER + " " + region;
    }

    /** All but the password. */
    @Override
    public String toString() {
      return subject() + " as " + user + " at " + url;
    }
  }

  private final AccountOptions options;
  private final ProviderHttp http;
  private final InstantSource clock;
  private final WattTimeLogin login;
  private final WarningLog warnings;

  /** A client that has not called yet; it logs in at the first call. */
  public WattTime(AccountOptions options, ProviderHttp http, InstantSource clock) {
    this.options = options;
    this.http = http;
    this.clock = clock;
    this.login = new WattTimeLogin(options, http, clock);
    this.warnings = new WarningLog(options.subject());
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
    return KIND;
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  /** What the last good response warned of, such as {@code MISSING_DATA: ...}; also logged. */
  List<String> warnings() {
    return warnings.last();
  }

  /**
   * The running period's intensity: a forecast of no hours is one point.
   *
   * @throws CarbonUnavailable when there is none; {@code NOT_ENTITLED} when a fresh login is
   *     refused the region, {@code NO_DATA} when the forecast's first point is more than two
   *     periods away from this host's time
   */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    return forecast(0).first(clock.instant());
  }

  @Override
  public List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    return forecast(options.horizonHours()).ahead(clock.instant());
  }

  /** Values as WattTime knows them afterwards; Chase could not have known them at their time. */
  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    return PAGES.read(
        from,
        to,
        (start, end) -> historical(start, end.minus(PERIOD)).past(start, end, clock.instant()));
  }

  /** Reads the value for now and the account's permissions: at most two calls and a login. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    return new AccountCheck(this, options.place()).check(new AccessTrial(this, http));
  }

  /**
   * The region of WattTime's map in which a place lies.
   *
   * @throws CarbonUnavailable as {@code UNKNOWN_REGION} where the map has none
   */
  Region regionAt(Coordinates place) throws CarbonUnavailable, InterruptedException {
    ProviderRequest request =
        request("region-from-loc")
            .query("latitude", Coordinates.degrees(place.latitude()))
            .query("longitude", Coordinates.degrees(place.longitude()))
            .query("signal_type", SIGNAL_TYPE);
    JsonBody body = get(request);
    return new Region(body.text("region").orElseThrow(() -> body.missing("region")));
  }

  Permissions permissions() throws CarbonUnavailable, InterruptedException {
    return new Permissions(get(request("my-access")));
  }

  private MoerParser forecast(int hours) throws CarbonUnavailable, InterruptedException {
    return parse(regional("forecast").query("horizon_hours", Integer.toString(hours)));
  }

  /** Both ends are included, and need an offset. */
  private MoerParser historical(Instant start, Instant end)
      throws CarbonUnavailable, InterruptedException {
    return parse(
        regional("historical")
            .query("start", start.truncatedTo(ChronoUnit.SECONDS).toString())
            .query("end", end.truncatedTo(ChronoUnit.SECONDS).toString())
            .query("include_imputed_marker", "true"));
  }

  private MoerParser parse(ProviderRequest request) throws CarbonUnavailable, InterruptedException {
    MoerParser points = new MoerParser(get(request), region());
    warnings.update(points.warnings());
    return points;
  }

  private ProviderRequest regional(String endpoint) {
    return request(endpoint).query("region", region().code()).query("signal_type", SIGNAL_TYPE);
  }

  private ProviderRequest request(String endpoint) {
    return ProviderRequest.to(options.subject(), options.url(), "v3/" + endpoint);
  }

  private JsonBody get(ProviderRequest request) throws CarbonUnavailable, InterruptedException {
    return STATUS.requireSuccess(login.get(request)).json();
  }

  private static StatusMeaning.Rule noSuchRegion(int status) {
    return status(status, FailureReason.UNKNOWN_REGION, "no such region")
        .when(response -> response.bodyContains("region"));
  }
}
