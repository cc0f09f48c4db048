package chase.daemon.grid;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fallback.GridSignal;
import chase.carbon.fallback.SourceStatus;
import chase.carbon.forecast.ForecastScores;
import chase.carbon.forecast.SeriesForecast;
import chase.daemon.grid.EnergyWeight.Component.Period;
import chase.daemon.grid.GridPast.TrailingValues;
import chase.daemon.grid.GridState.PollFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * Polls the chain of providers again and again, and keeps its values. What was stored is learned
 * before the first poll; what is missing since is fetched once the first value counts, and learned
 * before it. All but {@link #poll} on one context.
 */
final class CarbonPoller implements PollLoop.PolledSource<CarbonPoller.CarbonPoll> {
  private final BugLog bugs = new BugLog(System.getLogger(CarbonPoller.class.getName()));

  /** A chain polls several providers, one after the other. */
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  /** Why there may be no value for now although the provider gives its past. */
  private static final Set<FailureReason> ANSWERED =
      EnumSet.of(FailureReason.NO_DATA, FailureReason.IMPLAUSIBLE, FailureReason.MALFORMED);

  private final SignalSettings.CarbonSettings signal;
  private final InstantSource clock;
  private final FallbackChain chain;
  private final SeriesForecast forecast;
  private final ReferenceLevel reference;
  private final Runnable listener;
  private final List<CarbonIntensity> received = new ArrayList<>();
  private final TrailingValues<CarbonIntensity> lastDay;
  private boolean learned;
  private boolean started;
  private boolean filled;
  private Optional<GridSignal> gridSignal = Optional.empty();
  private Optional<CarbonIntensity> last = Optional.empty();
  private Optional<PollFailure> lastFailure = Optional.empty();
  private long pollsOk;
  private long pollsFailed;

  /**
   * What one poll brought.
   *
   * @param past what was remembered, the first time, and what was missing of it, the second
   * @param values what was believed
   */
  record CarbonPoll(List<CarbonIntensity> past, List<CarbonIntensity> values) {}

  /**
   * A poller that has not polled yet.
   *
   * @param jitter a number from 0 to 1 at each call, for jitter
   * @param changed called when the chain falls back or comes up again, before anything acts on it
   * @param onContext runs what a polling thread has to tell before its poll is over
   * @param listener called after every poll, and when the first provider gave no value
   */
  CarbonPoller(
      SignalSettings.CarbonSettings signal,
      InstantSource clock,
      DoubleSupplier jitter,
      Consumer<FallbackChain.LevelChange> changed,
      Executor onContext,
      Runnable listener) {
    this.signal = signal;
    this.clock = clock;
    this.listener = listener;
    SignalSettings.SignalTiming timing = signal.timing();
    this.reference = new ReferenceLevel(signal.reference(), timing.referenceWindow(), timing.day());
    this.lastDay = new TrailingValues<>(timing.day());
    this.forecast = new SeriesForecast(signal.horizon());
    this.chain =
        new FallbackChain(
            signal.providers(),
            signal.mean(),
            forecast,
            signal.rules(),
            signal.pollPolicy(),
            clock,
            jitter,
            new ChainEvents(changed, onContext));
  }

  private final class ChainEvents implements FallbackChain.ChainListener {
    private final Consumer<FallbackChain.LevelChange> changed;
    private final Executor onContext;

    ChainEvents(Consumer<FallbackChain.LevelChange> changed, Executor onContext) {
      this.changed = changed;
      this.onContext = onContext;
    }

    @Override
    public void onValue(CarbonIntensity sample) {
      received.add(sample);
      if (sample.source().equals(chain.provider())) {
        signal.memory().add(sample);
      }
    }

    @Override
    public void onFailure() {
      onContext.execute(() -> {
        noteFailure(clock.instant());
        listener.run();
      });
    }

    @Override
    public void onLevelChange(FallbackChain.LevelChange change) {
      changed.accept(change);
    }
  }

  @Override
  public String name() {
    return "carbon-feed";
  }

  @Override
  public Duration timeout() {
    return TIMEOUT;
  }

  @Override
  public CarbonPoll poll() throws InterruptedException {
    List<CarbonIntensity> past = learned ? learnMissing() : learn();
    received.clear();
    if (started) {
      chain.poll();
    } else {
      chain.pollFirst();
      started = chain.isUnlearned();
    }
    signal.memory().save(chain);
    return new CarbonPoll(past, List.copyOf(received));
  }

  /**
   * Once, whatever the result: a past that cannot be learned from must not keep the present from
   * being polled, now or later.
   */
  private List<CarbonIntensity> learn() throws InterruptedException {
    try {
      List<CarbonIntensity> past = signal.memory().load();
      List<CarbonIntensity> believed = chain.learn(past);
      signal.memory().restore(chain);
      learned = true;
      return believed;
    } catch (RuntimeException bug) {
      learned = true;
      bugs.log("learning from the past", bug);
      return List.of();
    }
  }

  /** Once, and not before the provider has answered: until then it may be one not to call yet. */
  private List<CarbonIntensity> learnMissing() throws InterruptedException {
    if (!isMissingDue()) {
      return List.of();
    }
    filled = true;
    try {
      List<CarbonIntensity> past = signal.memory().fetchMissing();
      List<CarbonIntensity> believed = past.isEmpty() ? past : chain.learnMissing(past);
      started |= chain.isUnlearned();
      return believed;
    } catch (RuntimeException bug) {
      bugs.log("learning from what was missing", bug);
      return List.of();
    }
  }

  private boolean isMissingDue() {
    boolean answered =
        chain.isUnlearned()
            || first()
                .failure()
                .map(CarbonUnavailable::reason)
                .filter(ANSWERED::contains)
                .isPresent();
    return !filled && answered;
  }

  @Override
  public Duration onAnswer(CarbonPoll news) {
    Instant now = clock.instant();
    news.past().forEach(this::addToPast);
    news.values().forEach(this::addToPast);
    pollsOk += news.values().isEmpty() ? 0 : 1;
    pollsFailed += first().failure().isPresent() ? 1 : 0;
    noteFailure(now);
    listener.run();
    return pause(now);
  }

  private void noteFailure(Instant now) {
    SourceStatus first = first();
    lastFailure = first.failure().map(why -> failureOf(why, now, first.nextPoll()));
  }

  private SourceStatus first() {
    return chain.statuses().getFirst();
  }

  private void addToPast(CarbonIntensity sample) {
    lastDay.add(sample, sample.source().equals(chain.provider()));
    if (sample.provenance().isObserved()) {
      reference.add(sample.validFrom(), sample.value().value());
    }
  }

  /** One kind of trouble goes on since it began. */
  private PollFailure failureOf(CarbonUnavailable why, Instant now, Instant nextPoll) {
    Instant since =
        lastFailure.filter(old -> old.reason() == why.reason()).map(PollFailure::since).orElse(now);
    return new PollFailure(why.reason(), String.valueOf(why.getMessage()), since, nextPoll);
  }

  private Duration pause(Instant now) {
    Duration left = Duration.between(now, isMissingDue() ? now : chain.nextPoll(now));
    Duration shortest = signal.pollPolicy().minimumPause();
    return left.compareTo(shortest) > 0 ? left : shortest;
  }

  /** The chain itself never fails; the time for a poll may be over, or there is a bug. */
  @Override
  public Duration onFailure(Exception why) {
    pollsFailed++;
    CarbonUnavailable failure =
        new CarbonUnavailable(
            FailureReason.PROVIDER_DOWN, chain.provider() + ": " + why.getMessage());
    CarbonUnavailable cause = first().failure().orElse(failure);
    Duration pause = signal.pollPolicy().pollPeriod();
    Instant now = clock.instant();
    lastFailure = Optional.of(failureOf(cause, now, now.plus(pause)));
    listener.run();
    return pause;
  }

  /** What counts at {@code now}. */
  GridSignal at(Instant now) {
    GridSignal counts = chain.at(now);
    gridSignal = Optional.of(counts);
    last = counts.current().or(() -> last);
    return counts;
  }

  /** The carbon intensity as a part of what a joule weighs; empty without a signal. */
  Optional<EnergyWeight.Component> component(GridSignal counts, Instant now) {
    if (counts.current().isEmpty()) {
      return Optional.empty();
    }
    List<Period> periods = periods(counts, now);
    return Optional.of(new EnergyWeight.Component(periods, reference.at(now, periods)));
  }

  private List<Period> periods(GridSignal counts, Instant now) {
    Instant end = now.plus(signal.timing().planAhead());
    return Stream.concat(
            counts.current().stream(),
            counts.forecast().stream().filter(later -> later.validFrom().isBefore(end)))
        .map(one -> new Period(one.validFrom(), one.validTo(), one.value().value()))
        .toList();
  }

  /** What was believed in the last day. */
  List<CarbonIntensity> past(Instant now) {
    return lastDay.at(now);
  }

  /** What is known before the first poll: the providers. */
  GridState initialState() {
    return new GridState(
        chain.provider(),
        chain.region(),
        FallbackLevel.NO_SIGNAL,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        signal.timing().maxAge(),
        Optional.empty(),
        0,
        0,
        new GridState.Details(chain.statuses(), ForecastScores.NONE, List.of()),
        Optional.empty(),
        SignalWeights.CARBON);
  }

  /** All that is known, as of the last update. */
  GridState state(Instant now) {
    GridSignal counts = gridSignal.orElseGet(() -> at(now));
    List<Period> periods = periods(counts, now);
    return new GridState(
        chain.provider(),
        chain.region(),
        counts.level(),
        last,
        counts.forecast(),
        lastFailure,
        signal.timing().maxAge(),
        periods.isEmpty() ? Optional.empty() : Optional.of(reference.at(now, periods)),
        pollsOk,
        pollsFailed,
        new GridState.Details(chain.statuses(), forecast.scores(), forecast.points()),
        Optional.empty(),
        SignalWeights.CARBON);
  }
}
