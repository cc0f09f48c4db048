package chase.carbon.energycharts;

import static chase.carbon.http.StatusMeaning.status;
import static chase.carbon.http.StatusMeaning.webPage;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.ServedRegion;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.http.AccessTrial;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.CallLimiter.CallSpacing;
import chase.carbon.http.JsonBody;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import chase.carbon.http.StatusMeaning;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A European country's intensity by quarters of an hour (Great Britain's by half hours, some by
 * hours), average over whole life cycles, with the provider's forecast. One response holds the
 * past, the present and the forecast, and is kept: until the next call is due, the value for now
 * comes from it. What is not yet measured is taken from the forecast and marked so.
 */
public final class EnergyCharts implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "energy-charts";

  /** The API of Fraunhofer ISE. */
  public static final URI DEFAULT_URL = URI.create("https://api.energy-charts.info");

  /** The countries with numbers. */
  public static final List<ServedRegion> REGIONS = EnergyChartsCountry.served();

  /**
   * New numbers come every 15 minutes at most. After a failure a Retry-After counts where it is
   * longer; without one it was seen to be a few seconds.
   */
  public static final CallSpacing SPACING =
      new CallSpacing(Duration.ofMinutes(15), Duration.ofSeconds(10));

  static final String ATTRIBUTION = "Energy-Charts.info (Fraunhofer ISE), CC BY 4.0";
  static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);

  private static final String NOT_REACHED = "the API was not reached";

  /** Nothing published is a 404 here, and a country that it does not know a 400. */
  static final StatusMeaning STATUS =
      StatusMeaning.of(
          webPage(NOT_REACHED),
          status(403, FailureReason.PROVIDER_DOWN, NOT_REACHED),
          status(404, FailureReason.NO_DATA, "nothing is published"),
          status(400, FailureReason.UNKNOWN_REGION, "the API does not know it"));

  /** What the first response has to hold of the past, and every later one. */
  private static final Duration WHOLE_PAST = Duration.ofDays(28);

  private static final Duration RECENT_PAST = Duration.ofDays(1);

  /** To the end of the next day wherever in Europe it ends. */
  static final Duration TOMORROW = Duration.ofHours(26);

  private final URI url;
  private final Region region;
  private final EnergyChartsCountry country;
  private final ProviderHttp http;
  private final InstantSource clock;
  private final DeprecationNotice deprecation;
  private final ReentrantLock calling = new ReentrantLock();
  private Optional<Co2Answer> last = Optional.empty();

  /** Why nothing of the newest response can be used; empty where something can. */
  private Optional<CarbonUnavailable> useless = Optional.empty();

  private Duration wantedPast = WHOLE_PAST;

  /**
   * A client that has not called yet.
   *
   * @param region one of {@link #REGIONS}, in any case
   * @param http how it is called, with {@link #SPACING}
   * @throws IllegalArgumentException when the URL is unfit or the region unknown
   */
  public EnergyCharts(URI url, Region region, ProviderHttp http, InstantSource clock) {
    this.url = BaseUrl.checked(PROVIDER + " url", url);
    this.region = region;
    this.country =
        EnergyChartsCountry.of(region)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    PROVIDER + " region: must be a country's code such as DE, is " + region));
    this.http = http;
    this.clock = clock;
    this.deprecation = new DeprecationNotice(PROVIDER + " " + region, "co2eq");
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return region;
  }

  @Override
  public SignalKind kind() {
    return KIND;
  }

  @Override
  public Optional<String> attribution() {
    return Optional.of(ATTRIBUTION);
  }

  @Override
  public Optional<String> notice() {
    return deprecation.text();
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  @Override
  public Duration untilNextCall() {
    return http.untilNextCall();
  }

  /** The running period as measured, or as forecast where that is not known yet. */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    return read(answer -> answer.latest(clock.instant()));
  }

  /** To the end of the day; from the evening on to the end of the next. */
  @Override
  public List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    return read(answer -> answer.ahead().upcoming(clock.instant()));
  }

  /** As measured, up to four weeks: what the last response holds of them. */
  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    return read(answer -> answer.past().between(from, to));
  }

  /** Nothing is called where a response is at hand. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    ProviderCheck check = new AccessTrial(this, http).withoutKey(this::current);
    Optional<String> notice = notice();
    return notice.isPresent() ? check.withRemark(notice.get()) : check;
  }

  /** Reads something from a response. */
  private interface AnswerReader<T> {
    T read(Co2Answer answer) throws CarbonUnavailable;
  }

  /**
   * From the last response while no new one is due, as long as that has what is wanted. Where it
   * has not, and no call may be made, the cause is what is wrong with it, not the pause.
   */
  private <T> T read(AnswerReader<T> reader) throws CarbonUnavailable, InterruptedException {
    calling.lockInterruptibly();
    try {
      Optional<CarbonUnavailable> known = Optional.empty();
      if (http.untilNextCall().isPositive()) {
        known = useless;
        if (last.isPresent()) {
          try {
            return reader.read(last.get());
          } catch (CarbonUnavailable notInIt) {
            known = known.or(() -> Optional.of(notInIt));
          }
        }
      }
      return reader.read(call(known));
    } finally {
      calling.unlock();
    }
  }

  /** The whole past is requested once: a refusal of so much must not keep the present away. */
  private Co2Answer call(Optional<CarbonUnavailable> known)
      throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    Duration past = wantedPast;
    ProviderRequest request =
        ProviderRequest.to(PROVIDER + " " + region, url, "co2eq")
            .query("country", country.parameter())
            .query("start", utcDate(now.minus(past)))
            .query("end", utcDate(now.plus(TOMORROW)));
    wantedPast = RECENT_PAST;
    Co2Answer answer = answer(get(request, known));
    last = Optional.of(answer);
    return answer;
  }

  private ProviderResponse get(ProviderRequest request, Optional<CarbonUnavailable> known)
      throws CarbonUnavailable, InterruptedException {
    try {
      return http.get(request);
    } catch (CarbonUnavailable failure) {
      throw failure.reason() == FailureReason.HELD_BACK && known.isPresent()
          ? known.get().until(failure.retryAfter())
          : failure;
    }
  }

  private Co2Answer answer(ProviderResponse response) throws CarbonUnavailable {
    useless = Optional.empty();
    try {
      JsonBody body = STATUS.requireSuccess(response).json();
      deprecation.update(body.optionalPart(() -> body.bool("deprecated")).orElse(false));
      Co2Answer answer = Co2Answer.of(body, region, clock.instant());
      requireTrueTimes(answer, response);
      return answer;
    } catch (CarbonUnavailable unusable) {
      if (!response.isSuccess() || unusable.reason() == FailureReason.MALFORMED) {
        throw http.notAnswered(unusable);
      }
      useless = Optional.of(unusable);
      throw unusable;
    }
  }

  /** Nobody measures what is to come: where it is said so, no number belongs to its time. */
  private void requireTrueTimes(Co2Answer answer, ProviderResponse response)
      throws CarbonUnavailable {
    Optional<Instant> ahead = answer.measuredAhead();
    if (ahead.isPresent()) {
      Instant now = clock.instant();
      throw response
          .notForNow("measurements up to " + ahead.get() + ", but here it is " + now, now)
          .rejectedFor(RejectReason.FUTURE_DATED);
    }
  }

  /** Requests take whole days of the country's own time, which is never behind UTC. */
  static String utcDate(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
  }
}
