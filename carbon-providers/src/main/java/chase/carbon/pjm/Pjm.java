package chase.carbon.pjm;

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
import chase.carbon.fuelmix.RecentRows;
import chase.carbon.http.AccessTrial;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.CallLimiter.CallRules;
import chase.carbon.http.CallLimiter.CallSpacing;
import chase.carbon.http.CredentialFormat;
import chase.carbon.http.PeriodRows;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import chase.carbon.http.StatusMeaning;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * PJM's marginal emission rate, or the average of its generation. The two are kinds of their own:
 * one client gives one of them, and a chain of providers mixes none.
 */
public final class Pjm implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "pjm";

  /** The operator's API. */
  public static final URI DEFAULT_URL = URI.create("https://api.pjm.com/api/v1");

  /** The whole grid and its zones; the average is known of the whole alone. */
  public static final List<ServedRegion> REGIONS = PjmArea.served();

  private static final String NOTICE =
      "PJM's data are for the key's owner and not to be passed on, which metrics.outlook: true"
          + " would do";

  private static final String KEY_HEADER = "Ocp-Apim-Subscription-Key";
  private static final StatusMeaning STATUS =
      StatusMeaning.of(
          webPage("the API was not reached; check the URL"),
          status(401, FailureReason.BAD_KEY, "the key is wrong or has no subscription"),
          status(403, FailureReason.BAD_KEY, "the key may not be used"),
          status(404, FailureReason.ENDPOINT_NOT_IN_PLAN, "the API has no such feed"));

  /** Who is no member may call six times a minute. */
  private static final CallSpacing SPACING = CallSpacing.of(Duration.ofSeconds(10));

  private static final ZoneId EASTERN = ZoneId.of("America/New_York");
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(EASTERN);

  /** Three days are some 900 rows of either feed, and teach the forecaster most. */
  private static final Duration LONGEST_PAST = Duration.ofDays(3);

  /** A local time that comes twice must not make an empty stretch. */
  private static final Duration LOOK_BACK = Duration.ofHours(2);

  private static final String MOST_ROWS = "5000";

  private final AreaOptions options;
  private final PjmFeed feed;
  private final ProviderHttp http;
  private final InstantSource clock;

  private final RecentRows<Instant> newest;

  /**
   * What is asked for.
   *
   * @param url the API with its version
   * @param key the user's own subscription key
   * @param region the grid or one of its zones, see {@link #REGIONS}
   * @param margin the operator's marginal rate, or the average of its generation
   * @param scope for the average: whether plants count with their whole life or their fuel alone
   */
  public record AreaOptions(
      URI url, String key, Region region, Margin margin, EmissionScope scope) {
    /** Refuses what does not fit together with {@link IllegalArgumentException}. */
    public AreaOptions {
      BaseUrl.checked(PROVIDER + " url", url);
      CredentialFormat.token(PROVIDER + " key", key);
    }

    private PjmFeed feed() {
      PjmArea area = PjmArea.named(region);
      return switch (margin) {
        case MARGINAL -> new PjmFeed.MarginalRate(area);
        case AVERAGE -> PjmFeed.GenerationByFuel.of(area, scope);
      };
    }

    private String subject() {
      return PROVIDER + " " + region;
    }

    /** All but the key. */
    @Override
    public String toString() {
      return subject() + " at " + url;
    }
  }

  /**
   * A client that has not called yet.
   *
   * @throws IllegalArgumentException when the region is none of {@link #REGIONS}, or a zone whose
   *     average is asked for
   */
  public Pjm(AreaOptions options, ProviderHttp http, InstantSource clock) {
    this.options = options;
    this.feed = options.feed();
    this.http = http;
    this.clock = clock;
    this.newest = new RecentRows<>(clock);
  }

  /** Six calls a minute at most, evenly, whatever is configured. */
  public static CallRules callRules(int callsPerHour) {
    return CallRules.spaced(PROVIDER, callsPerHour, SPACING);
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
    return feed.kind();
  }

  /** What the operator's terms ask of whom the key belongs to. */
  @Override
  public Optional<String> notice() {
    return Optional.of(NOTICE);
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.LATEST, Ability.HISTORY);
  }

  @Override
  public Duration untilNextCall() {
    return http.untilNextCall();
  }

  /** The newest period that the operator has published, where it ended lately. */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    return rowsSince(now.minus(feed.lateness()).minus(LOOK_BACK)).latest(now, feed.lateness());
  }

  /** Three days at most. */
  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    Instant farthest = clock.instant().minus(LONGEST_PAST);
    return rowsSince(from.isBefore(farthest) ? farthest : from).between(from, to);
  }

  /** One call, for the newest value. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    ProviderCheck check = new AccessTrial(this, http).withoutKey(this::current);
    return check.usable() ? check.withRemark(NOTICE) : check;
  }

  /**
   * The rows of a call that was made a moment ago and reaches as far back, else of a call. Each
   * reaches as far as what was missed since the last one, the first as far as any: that is asked
   * for right after it.
   */
  private PeriodRows<CarbonIntensity> rowsSince(Instant from)
      throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    return newest.get(
        since -> !since.isAfter(from),
        calledAt -> {
          Instant farthest = now.minus(LONGEST_PAST).minus(RecentRows.SHORTEST_PAUSE);
          Instant seen = calledAt.map(at -> at.minus(LOOK_BACK)).orElse(farthest);
          Instant missed = seen.isBefore(farthest) ? farthest : seen;
          return missed.isBefore(from) ? missed : from;
        },
        since -> fetch(since, now));
  }

  private PeriodRows<CarbonIntensity> fetch(Instant from, Instant now)
      throws CarbonUnavailable, InterruptedException {
    String stretch = MINUTES.format(from) + "to" + MINUTES.format(now.plus(feed.lateness()));
    ProviderRequest request =
        feed.narrowed(
            ProviderRequest.to(options.subject(), options.url(), feed.name())
                .header(KEY_HEADER, options.key())
                .hiding(options.key())
                .query("startRow", "1")
                .query("rowCount", MOST_ROWS)
                .query("datetime_beginning_ept", stretch));
    ProviderResponse response = http.get(request);
    try {
      return feed.read(STATUS.requireSuccess(response), clock.instant());
    } catch (CarbonUnavailable unreadable) {
      throw http.notAnswered(unreadable);
    }
  }
}
