package chase.carbon.electricitymaps;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonSource;
import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import chase.carbon.Signal.Scope;
import chase.carbon.http.Answer;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.Question;
import chase.carbon.http.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.util.Locale;

/** The running hour's average intensity of one zone, as Electricity Maps knows it now. */
public final class ElectricityMaps implements CarbonSource {
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
   */
  public record Options(URI url, String token, Region region, Scope scope) {
    /** Refuses an unfit URL or token, and an unstated scope, with IllegalArgumentException. */
    public Options {
      BaseUrl.checked(PROVIDER + " url", url);
      Secret.token(PROVIDER + " token", token);
      if (scope == Scope.UNSTATED) {
        throw new IllegalArgumentException(PROVIDER + " scope: must be lifecycle or direct");
      }
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

  private final Options options;
  private final ProviderHttp http;
  private final InstantSource clock;

  /** A source that asks anew at each call. */
  public ElectricityMaps(Options options, ProviderHttp http, InstantSource clock) {
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

  /**
   * The zone's latest number, which the provider may have estimated.
   *
   * @throws CarbonUnavailable for each way in which there is none; a number from a sandbox key, or
   *     outside 0 to 3000 gCO2/kWh, is {@code IMPLAUSIBLE}
   */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    Answer answer = http.get(latest());
    if (!answer.ok()) {
      throw Refusal.of(answer);
    }
    return new LatestBody(answer.json(), options).intensity(clock.instant());
  }

  /** The zone is always named, or the provider would take that of the caller's address. */
  private Question latest() {
    return Question.to(PROVIDER + " " + region(), options.url(), "carbon-intensity/latest")
        .with("zone", region().code())
        .with("disableCallerLookup", "true")
        .with("emissionFactorType", options.emissionFactorType())
        .header("auth-token", options.token())
        .hiding(options.token());
  }
}
