package chase.carbon.fuelmix;

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
import chase.carbon.http.PeriodRows;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import chase.carbon.http.StatusMeaning;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The average intensity of an American grid, calculated from its operator's fuel mix. Rows come
 * five to fifteen minutes late; each says for which five minutes it is, and none is moved to now.
 * No operator's page is called twice within a minute, whatever is configured.
 */
public final class FuelMix implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "fuel-mix";

  /** The operators whose grids are served. */
  public static final List<ServedRegion> REGIONS =
      Stream.of(GridOperator.values())
          .map(operator -> ServedRegion.of(operator.name(), operator.place()))
          .toList();

  private static final String NO_PAGE = "the operator has no such page";
  private static final String REFUSED =
      "the operator's site refuses this host's address, as such sites do with some networks; try"
          + " another network, or http.proxy";
  private static final StatusMeaning STATUS =
      StatusMeaning.of(
          status(404, FailureReason.NO_DATA, NO_PAGE),
          status(401, FailureReason.PROVIDER_DOWN, REFUSED),
          status(403, FailureReason.PROVIDER_DOWN, REFUSED),
          webPage("the operator's page was not reached"));

  private static final Duration STEP = Duration.ofMinutes(5);
  private static final Duration LATENESS = Duration.ofMinutes(30);

  /** A page a day: three teach the forecaster most of what it can learn without delaying it. */
  private static final int MOST_DAYS = 3;

  private final GridOptions options;
  private final GridOperator operator;
  private final MixSeries series;
  private final ProviderHttp http;
  private final InstantSource clock;

  private final RecentRows<String> newest;

  /** Whether the last call was for all of today and failed; read and written by its calls alone. */
  private boolean todayFailed;

  /**
   * What is calculated.
   *
   * @param url what stands in the place of the operator's address
   * @param region the operator, one of {@link #REGIONS}
   * @param scope whether plants count with their whole life or their fuel alone
   */
  public record GridOptions(Optional<URI> url, Region region, EmissionScope scope) {
    /** Refuses an unfit URL or scope with {@link IllegalArgumentException}. */
    public GridOptions {
      url.ifPresent(address -> BaseUrl.checked(PROVIDER + " url", address));
      if (scope == EmissionScope.UNSTATED) {
        throw new IllegalArgumentException(PROVIDER + " scope: must be lifecycle or direct");
      }
    }

    private String subject() {
      return PROVIDER + " " + region;
    }
  }

  /**
   * A client that has not called yet.
   *
   * @throws IllegalArgumentException when the region is none of {@link #REGIONS}
   */
  public FuelMix(GridOptions options, ProviderHttp http, InstantSource clock) {
    this.options = options;
    this.operator = operator(options.region());
    this.http = http;
    this.clock = clock;
    this.newest = new RecentRows<>(clock);
    this.series =
        new MixSeries(
            PROVIDER,
            options.region(),
            new SignalKind(Margin.AVERAGE, options.scope()),
            STEP,
            new MixArithmetic(options.subject(), options.scope()));
  }

  private static GridOperator operator(Region region) {
    return Stream.of(GridOperator.values())
        .filter(operator -> operator.name().equals(region.code()))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                PROVIDER + " region: must be CAISO, ERCOT, NYISO, MISO or SPP, is " + region));
  }

  /**
   * How often the operator's pages may be called: MISO bans an address that calls one more than
   * once a minute, so that its are a minute apart, whatever is configured.
   */
  public static CallRules callRules(Region region, int callsPerHour) {
    return region.code().equals(GridOperator.MISO.name())
        ? CallRules.spaced(PROVIDER, callsPerHour, CallSpacing.of(RecentRows.SHORTEST_PAUSE))
        : CallRules.defaults(PROVIDER, callsPerHour);
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
    return series.kind();
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.LATEST, Ability.HISTORY);
  }

  @Override
  public Duration untilNextCall() {
    return http.untilNextCall();
  }

  /** The newest five minutes that the operator has published, where they ended lately. */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    try {
      return newestRows(false).latest(now, LATENESS);
    } catch (CarbonUnavailable late) {
      return latestOfYesterday(now, late);
    }
  }

  /** Just after midnight a page a day may not be there yet, or have no row. */
  private CarbonIntensity latestOfYesterday(Instant now, CarbonUnavailable late)
      throws CarbonUnavailable, InterruptedException {
    LocalDate yesterday = today().minusDays(1);
    Optional<String> page = operator.dayPage(yesterday);
    boolean justAfterMidnight =
        LocalTime.ofInstant(now, operator.zone()).isBefore(LocalTime.MIDNIGHT.plus(LATENESS));
    if (page.isEmpty() || !justAfterMidnight || late.reason() != FailureReason.NO_DATA) {
      throw late;
    }
    return read(http.get(request(page.get())), Optional.of(yesterday)).latest(now, LATENESS);
  }

  /**
   * As many days as the operator's pages give, three at most: two hours of SPP, today of MISO,
   * yesterday and today of ERCOT. A day that cannot be had ends the past there.
   */
  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    SortedMap<Instant, CarbonIntensity> past = new TreeMap<>();
    Optional<CarbonUnavailable> failure = Optional.empty();
    try {
      add(past, newestRows(true).between(from, to));
    } catch (CarbonUnavailable noPage) {
      failure = Optional.of(noPage);
    }
    try {
      for (LocalDate day : daysBefore(today(), from)) {
        String page = operator.dayPage(day).orElseThrow();
        add(past, read(http.get(request(page)), Optional.of(day)).between(from, to));
      }
    } catch (CarbonUnavailable noPage) {
      failure = failure.or(() -> Optional.of(noPage));
    }
    if (past.isEmpty() && failure.isPresent()) {
      throw failure.get();
    }
    return List.copyOf(past.values());
  }

  private List<LocalDate> daysBefore(LocalDate today, Instant from) {
    List<LocalDate> days = new ArrayList<>();
    LocalDate first = LocalDate.ofInstant(from, operator.zone());
    for (int back = 1; back <= MOST_DAYS && !today.minusDays(back).isBefore(first); back++) {
      LocalDate day = today.minusDays(back);
      operator.dayPage(day).ifPresent(page -> days.add(day));
    }
    return days;
  }

  private static void add(
      SortedMap<Instant, CarbonIntensity> past, List<CarbonIntensity> ascending) {
    ascending.forEach(one -> past.put(one.validFrom(), one));
  }

  /** One call, for the newest row. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    return new AccessTrial(this, http).withoutKey(this::current);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), operator.zone());
  }

  /**
   * The rows of a page that was called a moment ago, else of a call. The first call, and one after
   * a while without, is for all of today: what was missed is asked for right after it.
   */
  private PeriodRows<CarbonIntensity> newestRows(boolean allOfToday)
      throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    String today = operator.todayPage(today());
    String latest = operator.nowPage(today());
    return newest.get(
        page -> page.equals(today) || !allOfToday,
        calledAt -> {
          boolean missed =
              calledAt.filter(at -> now.isBefore(at.plus(STEP.multipliedBy(2)))).isEmpty();
          return allOfToday || (missed && !todayFailed) ? today : latest;
        },
        page -> fetchNewest(page, page.equals(today)));
  }

  /** After the page of all of today failed, that of the newest row alone is tried. */
  private PeriodRows<CarbonIntensity> fetchNewest(String page, boolean isToday)
      throws CarbonUnavailable, InterruptedException {
    if (http.untilNextCall().isZero()) { // else nothing is called
      todayFailed = isToday;
    }
    ProviderResponse response = http.get(request(page));
    try {
      PeriodRows<CarbonIntensity> rows = read(response, Optional.empty());
      todayFailed = false;
      return rows;
    } catch (CarbonUnavailable unreadable) {
      throw http.notAnswered(unreadable);
    }
  }

  private ProviderRequest request(String page) {
    return operator.request(options.subject(), options.url().orElseGet(operator::url), page);
  }

  private PeriodRows<CarbonIntensity> read(ProviderResponse response, Optional<LocalDate> day)
      throws CarbonUnavailable {
    Instant now = clock.instant();
    return series.of(response, operator.read(STATUS.requireSuccess(response), day, now), now);
  }
}
