package chase.carbon.fallback;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.TimeBounds;
import chase.carbon.plausibility.PlausibilityGuard;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Polls one provider of a chain when it is due, and keeps what is believed of its values. */
final class SourcePoller {
  private static final System.Logger LOG = System.getLogger(SourcePoller.class.getPackageName());

  private final CarbonProvider provider;
  private final PollPolicy policy;
  private final InstantSource clock;
  private final DoubleSupplier jitter;
  private final PlausibilityGuard guard;
  private final boolean forecasts;
  private volatile KnownValues known = KnownValues.EMPTY;
  private volatile PollState value = PollState.NEVER;
  private volatile PollState forecast = PollState.NEVER;
  private final BugLog bugs = new BugLog(LOG);

  SourcePoller(
      CarbonProvider provider, PollPolicy policy, InstantSource clock, DoubleSupplier jitter) {
    this.provider = provider;
    this.policy = policy;
    this.clock = clock;
    this.jitter = jitter;
    this.guard = new PlausibilityGuard(provider.kind());
    this.forecasts = provider.abilities().contains(Ability.FORECAST);
  }

  CarbonProvider provider() {
    return provider;
  }

  KnownValues known() {
    return known;
  }

  /** Polls the value for now where that is due; empty when it is not, or there was none. */
  Optional<CarbonIntensity> pollValue() throws InterruptedException {
    if (!value.isDue(clock.instant())) {
      return Optional.empty();
    }
    value = value.started(clock.instant(), policy.pollPeriod());
    try {
      CarbonIntensity current = guard.current(provider, clock);
      believe(current);
      return Optional.of(current);
    } catch (CarbonUnavailable failure) {
      value = value.failed(failure, clock.instant(), policy, jitter.getAsDouble());
      return Optional.empty();
    } catch (RuntimeException bug) {
      value = value.failed(unhandled(bug), clock.instant(), policy, jitter.getAsDouble());
      return Optional.empty();
    }
  }

  private void believe(CarbonIntensity current) {
    Instant now = clock.instant();
    value = value.succeeded(now, policy.afterSuccess(current, now, jitter.getAsDouble()));
    known = known.with(current);
  }

  /** Polls the forecast where there is one and it is due; empty as above. */
  Optional<List<CarbonIntensity>> pollForecast() throws InterruptedException {
    if (!forecasts || !forecast.isDue(clock.instant())) {
      return Optional.empty();
    }
    forecast = forecast.started(clock.instant(), policy.pollPeriod());
    try {
      List<CarbonIntensity> points = plausible(provider.forecast());
      Instant now = clock.instant();
      Duration pause = policy.afterForecast(points.getFirst(), jitter.getAsDouble());
      forecast = forecast.succeeded(now, pause);
      known = known.withForecast(points);
      guard.learnForecast(points);
      return Optional.of(points);
    } catch (CarbonUnavailable failure) {
      forecast = forecast.failed(failure, clock.instant(), policy, jitter.getAsDouble());
      return Optional.empty();
    } catch (RuntimeException bug) {
      forecast = forecast.failed(unhandled(bug), clock.instant(), policy, jitter.getAsDouble());
      return Optional.empty();
    }
  }

  /**
   * A response that Chase cannot handle costs that response and no more: the other providers are
   * polled, and this one is polled again. The whole bug is logged once.
   */
  private CarbonUnavailable unhandled(RuntimeException bug) {
    bugs.log("reading " + provider.provider(), bug);
    return new CarbonUnavailable(
        FailureReason.MALFORMED,
        "%s %s: its answer could not be handled, which is a bug in Chase: %s"
            .formatted(provider.provider(), provider.region(), bug));
  }

  private List<CarbonIntensity> plausible(List<CarbonIntensity> points) throws CarbonUnavailable {
    List<CarbonIntensity> fine = guard.plausible(points, clock.instant());
    if (fine.isEmpty()) {
      throw new CarbonUnavailable(
          FailureReason.IMPLAUSIBLE,
          provider.provider() + ": a forecast without one plausible number");
    }
    return fine;
  }

  /** The value that was rejected, where the forecast that came since bears it out. */
  Optional<CarbonIntensity> reconsidered() {
    Optional<CarbonIntensity> current = guard.reconsidered(clock.instant());
    current.ifPresent(this::believe);
    return current;
  }

  /** Learns from the past and returns what is believed of it. */
  List<CarbonIntensity> learn(List<CarbonIntensity> past) {
    List<CarbonIntensity> believed = guard.learn(past);
    believed.stream()
        .skip(Math.max(0, believed.size() - KnownValues.MOST))
        .forEach(one -> known = known.with(one));
    return believed;
  }

  /** The same of what is missing before the last value: what is known of now stays known. */
  List<CarbonIntensity> learnMissing(List<CarbonIntensity> past) {
    List<CarbonIntensity> believed = guard.learnMissing(past);
    for (CarbonIntensity one : believed) {
      if (known.recent().stream().noneMatch(old -> !old.validFrom().isBefore(one.validFrom()))) {
        known = known.with(one);
      }
    }
    return believed;
  }

  /** The same of values that came late: what was known of now stays known. */
  List<CarbonIntensity> learnLate(List<CarbonIntensity> past) {
    return guard.learnLate(past, clock.instant());
  }

  /** The time that a provider demands between two calls holds over a restart. */
  SavedSource saved() {
    Duration held = provider.untilNextCall();
    Instant earliest = held.isPositive() ? clock.instant().plus(held) : Instant.MIN;
    return new SavedSource(
        known.recent(),
        value.polledAt(),
        later(value.notBeforeAfterRestart(), earliest),
        known.forecast(),
        forecast.polledAt(),
        later(forecast.notBeforeAfterRestart(), earliest));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }

  void restore(SavedSource saved) {
    known = new KnownValues(saved.recent(), saved.forecast());
    guard.learnForecast(saved.forecast());
    value = PollState.restored(saved.polledAt(), saved.notBefore());
    forecast = PollState.restored(saved.forecastPolledAt(), saved.forecastNotBefore());
  }

  /** When there is something to poll, {@code now} or later. */
  Instant nextPoll(Instant now) {
    Instant next = value.nextDue(now);
    Instant nextForecast = forecasts ? forecast.nextDue(now) : next;
    return nextForecast.isBefore(next) ? nextForecast : next;
  }

  SourceStatus status() {
    return new SourceStatus(
        provider.provider(),
        provider.region(),
        value.failure(),
        forecast.failure(),
        value.nextDue(clock.instant()),
        guard.rejected(),
        provider.attribution(),
        provider.notice());
  }

  /**
   * One call that is repeated: when it was made last, when it is due, and how it went.
   *
   * @param failures how often it failed in a row
   * @param failure why it failed last, empty when it did not
   */
  record PollState(
      Instant polledAt, Instant notBefore, int failures, Optional<CarbonUnavailable> failure) {
    static final PollState NEVER = new PollState(Instant.MIN, Instant.MIN, 0, Optional.empty());

    /**
     * As an earlier daemon saved it. A pause that is longer than any policy's means that the file
     * is wrong, and must not keep Chase from polling.
     */
    static PollState restored(Instant polledAt, Instant notBefore) {
      boolean credible =
          TimeBounds.contains(polledAt)
              && !notBefore.isAfter(
                  polledAt.plus(PollPolicy.LONGEST_BACKOFF).plus(PollPolicy.MOST_JITTER));
      return credible ? new PollState(polledAt, notBefore, 0, Optional.empty()) : NEVER;
    }

    /** A clock that went back makes the time when it is due meaningless. */
    boolean isDue(Instant now) {
      return now.isBefore(polledAt) || !now.isBefore(notBefore);
    }

    /**
     * When it is due for a daemon that starts anew: a provider's Retry-After still counts, a
     * failure does not, because the operator may have mended its cause.
     */
    Instant notBeforeAfterRestart() {
      boolean failed = failure.filter(why -> why.reason() != FailureReason.THROTTLED).isPresent();
      return failed ? polledAt : notBefore;
    }

    Instant nextDue(Instant now) {
      return isDue(now) ? now : notBefore;
    }

    /**
     * While the response is awaited. A call that is interrupted, or dies of a bug, stays so and is
     * not repeated at once.
     */
    PollState started(Instant now, Duration pause) {
      return new PollState(now, now.plus(pause), failures, failure);
    }

    PollState succeeded(Instant now, Duration pause) {
      return new PollState(now, now.plus(pause), 0, Optional.empty());
    }

    /** That Chase itself had to wait does not replace the reason why there is no value. */
    PollState failed(CarbonUnavailable why, Instant now, PollPolicy policy, double jitter) {
      int inARow = failures + 1;
      Duration pause = policy.afterFailure(why, inARow, jitter);
      Optional<CarbonUnavailable> cause =
          failure
              .filter(before -> why.reason() == FailureReason.HELD_BACK)
              .or(() -> Optional.of(why));
      return new PollState(now, now.plus(pause), inARow, cause);
    }
  }
}
