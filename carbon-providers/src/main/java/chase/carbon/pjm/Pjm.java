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
import java.util.concurrent.locks.ReentrantLock;

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

  /** What was called so lately says what there is. */
  private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);

  /** A local time that comes twice must not make an empty stretch. */
  private static final Duration LOOK_BACK = Duration.ofHours(2);

  private static final String MOST_ROWS = "5000";

  private final AreaOptions options;
  private final PjmFeed feed;
  private final ProviderHttp http;
  private final InstantSource clock;

  /** One call at a time: who comes second finds what the first was answered. */
  private final ReentrantLock calling = new ReentrantLock();

  private Optional<FetchedItems> newest = Optional.empty();
  private Optional<CarbonUnavailable> lastFailure = Optional.empty();

  /** The rows of a call, from when they are, and when it was made. */
  private record FetchedItems(PeriodRows<CarbonIntensity> rows, Instant from, Instant at) {}

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
    return new AccessTrial(this, http).withoutKey(this::current);
  }

  /**
   * The rows of a call that was made a moment ago and reaches as far back, else of a call. Each
   * reaches as far as what was missed since the last one, the first as far as any: that is asked
   * for right after it.
   */
  private PeriodRows<CarbonIntensity> rowsSince(Instant from)
      throws CarbonUnavailable, InterruptedException {
    calling.lockInterruptibly();
    try {
      Instant now = clock.instant();
      Optional<FetchedItems> fresh =
          newest
              .filter(items -> now.isBefore(items.at().plus(SHORTEST_PAUSE)))
              .filter(items -> !items.from().isAfter(from));
      if (fresh.isPresent()) {
        return fresh.get().rows();
      }
      Instant farthest = now.minus(LONGEST_PAST).minus(SHORTEST_PAUSE);
      Instant seen = newest.map(items -> items.at().minus(LOOK_BACK)).orElse(farthest);
      Instant missed = seen.isBefore(farthest) ? farthest : seen;
      Instant since = missed.isBefore(from) ? missed : from;
      PeriodRows<CarbonIntensity> rows = fetchOrRepeatFailure(since, now);
      newest = Optional.of(new FetchedItems(rows, since, now));
      return rows;
    } finally {
      calling.unlock();
    }
  }

  /** While no call may be made, why the last one brought nothing says more than that. */
  private PeriodRows<CarbonIntensity> fetchOrRepeatFailure(Instant from, Instant now)
      throws CarbonUnavailable, InterruptedException {
    if (lastFailure.isPresent() && http.untilNextCall().isPositive()) {
      throw lastFailure.get();
    }
    try {
      PeriodRows<CarbonIntensity> rows = fetch(from, now);
      lastFailure = Optional.empty();
      return rows;
    } catch (CarbonUnavailable failure) {
      lastFailure = Optional.of(failure);
      throw failure;
    }
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
    ProviderResponse response = http.get(request, STATUS);
    return feed.read(response, clock.instant());
  }
}
