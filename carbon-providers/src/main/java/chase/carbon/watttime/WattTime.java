package chase.carbon.watttime;

import chase.carbon.Access;
import chase.carbon.AccessCheck;
import chase.carbon.CarbonForecast;
import chase.carbon.CarbonHistory;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonSource;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.ClockSkew;
import chase.carbon.Coordinates;
import chase.carbon.Region;
import chase.carbon.Signal;
import chase.carbon.http.Answer;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.JsonBody;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.Question;
import chase.carbon.http.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The marginal intensity of one region, by five minutes. The number for now is the first point of
 * WattTime's forecast, which exists even when history is late or missing.
 */
public final class WattTime implements CarbonSource, CarbonForecast, CarbonHistory, AccessCheck {
  /** The name in labels and tables. */
  public static final String PROVIDER = "watttime";

  /** WattTime's host; {@code /login} and {@code /v3} are found under it. */
  public static final URI DEFAULT_URL = URI.create("https://api.watttime.org");

  /** The kind of number that it gives. */
  public static final Signal SIGNAL = Points.SIGNAL;

  private static final int MOST_HOURS = 72;

  /** The API gives 32 days at once, both ends included. */
  private static final Duration LONGEST_STRETCH = Duration.ofDays(30);

  private static final Duration PERIOD = Duration.ofMinutes(5);

  /** WattTime's marginal operating emissions rate. */
  static final String SIGNAL_TYPE = "co2_moer";

  /**
   * What to ask, and as whom.
   *
   * @param url the host, without {@code /v3}
   * @param user the account's name
   * @param password its password
   * @param region such as {@code CAISO_NORTH}, the one region that is free of charge
   * @param horizonHours how far the forecast is to reach, 1 to 72
   * @param place where this host is, if the check is to tell whether that is in the region
   */
  public record Options(
      URI url,
      String user,
      String password,
      Region region,
      int horizonHours,
      Optional<Coordinates> place) {
    /** Refuses an unfit URL, user or password with {@link IllegalArgumentException}. */
    public Options {
      BaseUrl.checked(PROVIDER + " url", url);
      if (url.getPath().matches(".*/v3/?")) {
        throw new IllegalArgumentException(
            PROVIDER + " url: must not end in /v3, because the login lies beside it, is " + url);
      }
      Secret.password(PROVIDER + " user", user);
      if (user.contains(":")) {
        throw new IllegalArgumentException(PROVIDER + " user: must not hold a colon");
      }
      Secret.password(PROVIDER + " password", password);
      if (horizonHours < 1 || horizonHours > MOST_HOURS) {
        throw new IllegalArgumentException(
            PROVIDER + " horizon-hours: must be from 1 to 72, is " + horizonHours);
      }
    }

    String asker() {
      return PROVIDER + " " + region;
    }

    /** All but the password. */
    @Override
    public String toString() {
      return asker() + " as " + user + " at " + url;
    }
  }

  private final Options options;
  private final InstantSource clock;
  private final Session session;
  private final Warnings warnings;

  /** A source that asks anew at each call, and logs in at the first. */
  public WattTime(Options options, ProviderHttp http, InstantSource clock) {
    this.options = options;
    this.clock = clock;
    this.session = new Session(options, http, clock);
    this.warnings = new Warnings(options.asker());
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return options.region();
  }

  /** What the last good answer warned of, such as {@code MISSING_DATA: ...}; also logged. */
  public List<String> warnings() {
    return warnings.last();
  }

  /**
   * The running period's intensity.
   *
   * @throws CarbonUnavailable for each way in which there is none; {@code NOT_ENTITLED} when a
   *     fresh login is refused the region, {@code NO_DATA} when the forecast's first point is more
   *     than two periods away from this host's time
   */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    return first(nowcast());
  }

  @Override
  public List<CarbonIntensity> ahead() throws CarbonUnavailable, InterruptedException {
    Answer answer = forecast(options.horizonHours());
    return points(answer).ahead(clock.instant());
  }

  /** For the record: what is better known afterwards is not what control could have known. */
  @Override
  public List<CarbonIntensity> between(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    List<CarbonIntensity> rows = new ArrayList<>();
    Instant lastStart = to.minus(PERIOD);
    for (Instant start = from; !start.isAfter(lastStart); start = start.plus(LONGEST_STRETCH)) {
      Instant full = start.plus(LONGEST_STRETCH);
      Instant end = full.isBefore(to) ? full : to;
      rows.addAll(points(historical(start, end.minus(PERIOD))).past(start, end, clock.instant()));
    }
    return rows;
  }

  /** Asks for the number for now and the account's permissions, two calls and a login at most. */
  @Override
  public Access check() throws InterruptedException {
    return new AccountCheck(this, options).check();
  }

  /**
   * The region of WattTime's map in which a place lies.
   *
   * @throws CarbonUnavailable as {@code UNKNOWN_REGION} where the map has none
   */
  public Region regionAt(Coordinates place) throws CarbonUnavailable, InterruptedException {
    Question question =
        question("region-from-loc")
            .with("latitude", Coordinates.degrees(place.latitude()))
            .with("longitude", Coordinates.degrees(place.longitude()))
            .with("signal_type", SIGNAL_TYPE);
    JsonBody body = asked(question).json();
    return new Region(body.text("region").orElseThrow(() -> body.lacks("region")));
  }

  /** How far the clocks are apart, once the number for now was had. */
  Optional<ClockSkew> tried() throws CarbonUnavailable, InterruptedException {
    Answer answer = nowcast();
    first(answer);
    return answer.skew(clock.instant());
  }

  Permissions permissions() throws CarbonUnavailable, InterruptedException {
    return new Permissions(asked(question("my-access")).json());
  }

  /** No hours ahead: one point, the running period. */
  private Answer nowcast() throws CarbonUnavailable, InterruptedException {
    return forecast(0);
  }

  private CarbonIntensity first(Answer answer) throws CarbonUnavailable {
    return points(answer).first(clock.instant());
  }

  private Points points(Answer answer) throws CarbonUnavailable {
    Points points = new Points(answer.json(), region());
    warnings.heard(points.warnings());
    return points;
  }

  private Answer forecast(int hours) throws CarbonUnavailable, InterruptedException {
    return asked(regional("forecast").with("horizon_hours", Integer.toString(hours)));
  }

  /** Both ends are included, and need an offset. */
  private Answer historical(Instant start, Instant end)
      throws CarbonUnavailable, InterruptedException {
    return asked(
        regional("historical")
            .with("start", start.truncatedTo(ChronoUnit.SECONDS).toString())
            .with("end", end.truncatedTo(ChronoUnit.SECONDS).toString())
            .with("include_imputed_marker", "true"));
  }

  private Question regional(String endpoint) {
    return question(endpoint).with("region", region().code()).with("signal_type", SIGNAL_TYPE);
  }

  private Question question(String endpoint) {
    return Question.to(options.asker(), options.url(), "v3/" + endpoint);
  }

  private Answer asked(Question question) throws CarbonUnavailable, InterruptedException {
    Answer answer = session.ask(question);
    if (!answer.ok()) {
      throw refusal(answer);
    }
    return answer;
  }

  /** A refusal says by its status whose fault it is, but a content network's page says nothing. */
  private static CarbonUnavailable refusal(Answer answer) {
    String said = " (" + answer.status() + "): " + answer.words();
    if (answer.isHtml()) {
      return answer.unavailable(Reason.PROVIDER_DOWN, "refused before it reached the API" + said);
    }
    return switch (answer.status()) {
      case 401 -> answer.unavailable(Reason.BAD_KEY, "a fresh login is not accepted" + said);
      case 403 ->
          answer.unavailable(Reason.NOT_ENTITLED, "the account does not cover this region" + said);
      case 400, 404, 422 ->
          answer.mentions("region")
              ? answer.unavailable(Reason.UNKNOWN_REGION, "no such region" + said)
              : answer.unavailable(Reason.MALFORMED, "the request was refused" + said);
      default -> answer.unavailable(Reason.MALFORMED, "the request was refused" + said);
    };
  }
}
