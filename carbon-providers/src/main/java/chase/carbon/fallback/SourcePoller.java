package chase.carbon.fallback;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.TimeBounds;
import chase.carbon.plausibility.GuardedSource;
import chase.carbon.plausibility.PlausibilityGuard;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Asks one provider of a chain when it is due, and keeps what is believed of its answers. */
final class SourcePoller {
  private static final System.Logger LOG = System.getLogger(SourcePoller.class.getPackageName());

  private final ChainLink link;
  private final PollPolicy policy;
  private final InstantSource clock;
  private final DoubleSupplier jitter;
  private final PlausibilityGuard guard;
  private final GuardedSource source;
  private volatile KnownValues state = KnownValues.EMPTY;
  private volatile PollState value = PollState.NEVER;
  private volatile PollState forecast = PollState.NEVER;
  private final BugLog bugs = new BugLog(LOG);

  SourcePoller(ChainLink link, PollPolicy pace, InstantSource clock, DoubleSupplier chance) {
    this.link = link;
    this.policy = pace;
    this.clock = clock;
    this.jitter = chance;
    this.guard = new PlausibilityGuard(link.signal());
    this.source = new GuardedSource(link.source(), guard, clock);
  }

  KnownValues state() {
    return state;
  }

  /** Asks for the number for now where that is due; empty when it is not, or brought nothing. */
  Optional<CarbonIntensity> pollValue() throws InterruptedException {
    if (!value.isDue(clock.instant())) {
      return Optional.empty();
    }
    value = value.started(clock.instant(), policy.pollPeriod());
    try {
      CarbonIntensity sample = source.current();
      Instant now = clock.instant();
      value = value.succeeded(now, policy.afterSuccess(sample, now, jitter.getAsDouble()));
      state = state.with(sample);
      return Optional.of(sample);
    } catch (CarbonUnavailable failure) {
      value = value.failed(failure, clock.instant(), policy, jitter.getAsDouble());
      return Optional.empty();
    } catch (RuntimeException bug) {
      value = value.failed(unhandled(bug), clock.instant(), policy, jitter.getAsDouble());
      return Optional.empty();
    }
  }

  /** Asks for the forecast where there is one and it is due; empty as above. */
  Optional<List<CarbonIntensity>> pollForecast() throws InterruptedException {
    if (link.forecast().isEmpty() || !forecast.isDue(clock.instant())) {
      return Optional.empty();
    }
    forecast = forecast.started(clock.instant(), policy.pollPeriod());
    try {
      List<CarbonIntensity> ahead = plausible(link.forecast().get().forecast());
      Instant now = clock.instant();
      forecast =
          forecast.succeeded(now, policy.afterForecast(ahead.getFirst(), jitter.getAsDouble()));
      state = state.withForecast(ahead);
      guard.learnForecast(ahead);
      return Optional.of(ahead);
    } catch (CarbonUnavailable failure) {
      forecast = forecast.failed(failure, clock.instant(), policy, jitter.getAsDouble());
      return Optional.empty();
    } catch (RuntimeException bug) {
      forecast = forecast.failed(unhandled(bug), clock.instant(), policy, jitter.getAsDouble());
      return Optional.empty();
    }
  }

  /**
   * An answer that nobody foresaw costs that answer and no more: the other providers are asked, and
   * this one is asked again. The whole bug is logged once.
   */
  private CarbonUnavailable unhandled(RuntimeException bug) {
    String line =
        link.source().provider()
            + " "
            + link.source().region()
            + ": its answer could not be handled, which is a bug in Chase: "
            + bug;
    bugs.log("reading " + link.source().provider(), bug);
    return new CarbonUnavailable(FailureReason.MALFORMED, line);
  }

  private List<CarbonIntensity> plausible(List<CarbonIntensity> ahead) throws CarbonUnavailable {
    List<CarbonIntensity> fine = guard.plausible(ahead, clock.instant());
    if (fine.isEmpty()) {
      throw new CarbonUnavailable(
          FailureReason.IMPLAUSIBLE,
          link.source().provider() + ": a forecast without one plausible number");
    }
    return fine;
  }

  /** The number that was doubted, where the forecast that came since bears it out. */
  Optional<CarbonIntensity> reconsidered() {
    Instant now = clock.instant();
    Optional<CarbonIntensity> sample = guard.reconsidered(now);
    sample.ifPresent(believed -> {
      value = value.succeeded(now, policy.afterSuccess(believed, now, jitter.getAsDouble()));
      state = state.with(believed);
    });
    return sample;
  }

  /** Takes in the past and tells what is believed of it. */
  List<CarbonIntensity> learn(List<CarbonIntensity> past) {
    List<CarbonIntensity> believed = guard.learn(past);
    for (CarbonIntensity sample :
        believed.subList(Math.max(0, believed.size() - 4), believed.size())) {
      state = state.with(sample);
    }
    return believed;
  }

  SavedSource saved() {
    return new SavedSource(
        state.recent(),
        value.polledAt(),
        value.notBeforeAfterRestart(),
        state.forecast(),
        forecast.polledAt(),
        forecast.notBeforeAfterRestart());
  }

  void restore(SavedSource memory) {
    state = new KnownValues(memory.recent(), memory.forecast());
    guard.learnForecast(memory.forecast());
    value = PollState.restored(memory.polledAt(), memory.notBefore());
    forecast = PollState.restored(memory.forecastPolledAt(), memory.forecastNotBefore());
  }

  /** When there is something to ask, {@code now} or later. */
  Instant nextPoll(Instant now) {
    Instant next = value.nextDue(now);
    Instant ahead = link.forecast().isPresent() ? forecast.nextDue(now) : next;
    return ahead.isBefore(next) ? ahead : next;
  }

  SourceStatus status() {
    return new SourceStatus(
        link.source().provider(),
        link.source().region(),
        value.failure(),
        forecast.failure(),
        nextPoll(clock.instant()),
        guard.rejected());
  }

  ChainLink link() {
    return link;
  }

  /**
   * One question that is asked again and again: when it was asked, when it is due, and how it went.
   *
   * @param polledAt when it was asked last
   * @param notBefore when it is due again
   * @param failures how often it failed in a row
   * @param failure why it failed last, empty when it did not
   */
  public record PollState(
      Instant polledAt, Instant notBefore, int failures, Optional<CarbonUnavailable> failure) {
    public static final PollState NEVER =
        new PollState(Instant.MIN, Instant.MIN, 0, Optional.empty());

    /**
     * As an earlier daemon left it. A pause that no provider gets says that the file is wrong, and
     * must not keep anybody from asking.
     */
    public static PollState restored(Instant askedAt, Instant notBefore) {
      boolean credible =
          TimeBounds.contains(askedAt)
              && !notBefore.isAfter(
                  askedAt.plus(PollPolicy.LONGEST_REST).plus(PollPolicy.MOST_JITTER));
      return credible ? new PollState(askedAt, notBefore, 0, Optional.empty()) : NEVER;
    }

    /** A clock that went back makes the time when it is due meaningless. */
    public boolean isDue(Instant now) {
      return now.isBefore(polledAt) || !now.isBefore(notBefore);
    }

    /**
     * When it is due for a daemon that starts anew: a provider's wish for rest still counts, a
     * failure does not, because the operator may have mended its cause.
     */
    public Instant notBeforeAfterRestart() {
      boolean failed = failure.filter(why -> why.reason() != FailureReason.THROTTLED).isPresent();
      return failed ? polledAt : notBefore;
    }

    public Instant nextDue(Instant now) {
      return isDue(now) ? now : notBefore;
    }

    /**
     * While the answer is awaited. A question that is interrupted, or dies of a bug, stays so and
     * is not asked again at once.
     */
    public PollState started(Instant now, Duration pause) {
      return new PollState(now, now.plus(pause), failures, failure);
    }

    public PollState succeeded(Instant now, Duration pause) {
      return new PollState(now, now.plus(pause), 0, Optional.empty());
    }

    /** That Chase itself had to wait is no reason to forget why there is no answer. */
    public PollState failed(CarbonUnavailable why, Instant now, PollPolicy pace, double chance) {
      int inARow = failures + 1;
      Duration pause = pace.afterFailure(why, inARow, chance);
      Optional<CarbonUnavailable> cause =
          failure
              .filter(known -> why.reason() == FailureReason.HELD_BACK)
              .or(() -> Optional.of(why));
      return new PollState(now, now.plus(pause), inARow, cause);
    }
  }
}
