package chase.carbon.watttime;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonSource;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.Region;
import chase.carbon.http.Answer;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.Question;
import chase.carbon.http.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The marginal intensity of one region in the running five minutes. It is the first point of
 * WattTime's forecast, which exists even when history is late or missing.
 */
public final class WattTime implements CarbonSource {
  /** The name in labels and tables. */
  public static final String PROVIDER = "watttime";

  /** WattTime's host; {@code /login} and {@code /v3} are found under it. */
  public static final URI DEFAULT_URL = URI.create("https://api.watttime.org");

  /** WattTime's marginal operating emissions rate. */
  static final String SIGNAL_TYPE = "co2_moer";

  /**
   * What to ask, and as whom.
   *
   * @param url the host, without {@code /v3}
   * @param user the account's name
   * @param password its password
   * @param region such as {@code CAISO_NORTH}, the one region that is free of charge
   */
  public record Options(URI url, String user, String password, Region region) {
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
  private final ProviderHttp http;
  private final InstantSource clock;
  private final Session session;
  private final Warnings warnings;

  /** A source that asks anew at each call, and logs in at the first. */
  public WattTime(Options options, ProviderHttp http, InstantSource clock) {
    this.options = options;
    this.http = http;
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
    Token token = session.token();
    Answer answer = http.get(forecast(token));
    Optional<Token> replacement =
        refused(answer) ? session.replacementFor(token) : Optional.empty();
    if (replacement.isPresent()) {
      token = replacement.get();
      answer = http.get(forecast(token));
    }
    if (!answer.ok()) {
      throw refusal(answer);
    }
    session.accepted(token);
    ForecastBody body = new ForecastBody(answer.json(), region());
    warnings.heard(body.warnings());
    return body.first(clock.instant());
  }

  private Question forecast(Token token) {
    return Question.to(options.asker(), options.url(), "v3/forecast")
        .with("region", region().code())
        .with("signal_type", SIGNAL_TYPE)
        .with("horizon_hours", "0")
        .header("Authorization", "Bearer " + token.value())
        .hiding(token.value())
        .hiding(options.password());
  }

  private static boolean refused(Answer answer) {
    return answer.status() == 401 || answer.status() == 403;
  }

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
