package chase.carbon.neso;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import chase.carbon.neso.NesoParser.WantedValue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Great Britain's intensity, or that of a part of it, by half hours. It asks anew at each call. */
public final class Neso implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "neso";

  /** The API of the system operator. */
  public static final URI DEFAULT_URL = URI.create("https://api.carbonintensity.org.uk");

  /** The API takes up to 14 days at once. */
  private static final Duration LONGEST_STRETCH = Duration.ofDays(13);

  /** The next half hour may appear a while after it began. */
  private static final Duration LATENESS = Duration.ofMinutes(30);

  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final URI url;
  private final NesoArea area;
  private final ProviderHttp http;
  private final InstantSource clock;

  /**
   * A source that was not asked yet.
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
    return NesoParser.KIND;
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  /** The running half hour: as measured so far where the API says it, else as forecast. */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    return latest(get(area.latest()));
  }

  /** The two days to come, or less: the API was seen to end the same evening. */
  @Override
  public List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    String path = area.stretch(MINUTES.format(clock.instant()) + "/fw48h");
    return parser(get(path)).read(WantedValue.FORECAST).upcoming(clock.instant());
  }

  /** The nation's half hours as measured; a region's as they were forecast, for nobody measures. */
  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    List<CarbonIntensity> rows = new ArrayList<>();
    for (Instant start = from; start.isBefore(to); start = start.plus(LONGEST_STRETCH)) {
      Instant full = start.plus(LONGEST_STRETCH);
      Instant end = full.isBefore(to) ? full : to;
      String path = area.stretch(MINUTES.format(start) + "/" + MINUTES.format(end));
      for (CarbonIntensity row : parser(get(path)).read(WantedValue.ACTUAL).between(start, end)) {
        if (rows.isEmpty() || rows.getLast().validFrom().isBefore(row.validFrom())) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /** Asks for the running half hour, one call. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    try {
      ProviderResponse answer = get(area.latest());
      latest(answer);
      return ProviderCheck.granted(
          PROVIDER,
          region(),
          EnumSet.allOf(Ability.class),
          List.of(),
          answer.clockSkew(clock.instant()));
    } catch (CarbonUnavailable why) {
      return ProviderCheck.refused(PROVIDER, region(), why, List.of(), Optional.empty());
    }
  }

  private CarbonIntensity latest(ProviderResponse answer) throws CarbonUnavailable {
    return parser(answer).read(WantedValue.BEST).latest(clock.instant(), LATENESS);
  }

  private NesoParser parser(ProviderResponse answer) throws CarbonUnavailable {
    return new NesoParser(answer.json(), area, clock.instant());
  }

  private ProviderResponse get(String path) throws CarbonUnavailable, InterruptedException {
    ProviderResponse answer = http.get(ProviderRequest.to(PROVIDER + " " + region(), url, path));
    if (!answer.isSuccess()) {
      FailureReason reason = reason(answer);
      String said = " (" + answer.status() + "): " + answer.errorText();
      throw answer.unavailable(reason, meaning(reason) + said);
    }
    return answer;
  }

  private static FailureReason reason(ProviderResponse answer) {
    if (answer.isHtml() || answer.status() == 403) {
      return FailureReason.PROVIDER_DOWN;
    }
    boolean aboutRegion = answer.bodyContains("postcode") || answer.bodyContains("region");
    return aboutRegion ? FailureReason.UNKNOWN_REGION : FailureReason.MALFORMED;
  }

  private static String meaning(FailureReason reason) {
    return switch (reason) {
      case PROVIDER_DOWN -> "the API was not reached";
      case UNKNOWN_REGION -> "no such region";
      default -> "the request was refused";
    };
  }
}
