package chase.daemon.grid;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.GridSignal;
import chase.carbon.forecast.SeriesForecast;
import chase.daemon.grid.EnergyWeight.Component.Period;
import chase.daemon.grid.GridPast.TrailingValues;
import chase.daemon.grid.GridState.PollFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * Polls the chain of providers again and again, and keeps its values. What was stored is learned
 * before the first poll. All but {@link #poll} on one context.
 */
final class CarbonPoller implements PollLoop.PolledSource<CarbonPoller.CarbonPoll> {
  private final BugLog bugs = new BugLog(System.getLogger(CarbonPoller.class.getName()));

  /** A chain polls several providers, one after the other. */
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final SignalSettings.CarbonSettings signal;
  private final InstantSource clock;
  private final FallbackChain chain;
  private final SeriesForecast forecast;
  private final ReferenceLevel reference;
  private final Runnable listener;
  private final List<CarbonIntensity> received = new ArrayList<>();
  private final TrailingValues<CarbonIntensity> lastDay;
  private boolean learned;
  private Optional<GridSignal> gridSignal = Optional.empty();
  private Optional<CarbonIntensity> last = Optional.empty();
  private Optional<PollFailure> lastFailure = Optional.empty();
  private long pollsOk;
  private long pollsFailed;

  /**
   * What one poll brought.
   *
   * @param past what was remembered, the first time
   * @param values what was believed
   */
  record CarbonPoll(List<CarbonIntensity> past, List<CarbonIntensity> values) {}

  /**
   * A poller that has not polled yet.
   *
   * @param jitter a number from 0 to 1 at each call, for jitter
   * @param changed called when the chain falls back or comes up again, before anything acts on it
   * @param listener called after every poll
   */
  CarbonPoller(
      SignalSettings.CarbonSettings signal,
      InstantSource clock,
      DoubleSupplier jitter,
      Consumer<FallbackChain.LevelChange> changed,
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
            new ChainEvents(changed));
  }

  private final class ChainEvents implements FallbackChain.ChainListener {
    private final Consumer<FallbackChain.LevelChange> changed;

    ChainEvents(Consumer<FallbackChain.LevelChange> changed) {
      this.changed = changed;
    }

    @Override
    public void onValue(CarbonIntensity sample) {
      received.add(sample);
      if (sample.source().equals(chain.provider())) {
        signal.memory().add(sample);
      }
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
    List<CarbonIntensity> past = learned ? List.of() : learn();
    received.clear();
    chain.poll();
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

  @Override
  public Duration onAnswer(CarbonPoll news) {
    Instant now = clock.instant();
    news.past().forEach(this::addToPast);
    news.values().forEach(this::addToPast);
    Optional<CarbonUnavailable> failure = chain.statuses().getFirst().failure();
    pollsOk += news.values().isEmpty() ? 0 : 1;
    pollsFailed += failure.isPresent() ? 1 : 0;
    lastFailure = failure.map(why -> failureOf(why, now));
    listener.run();
    return pause(now);
  }

  private void addToPast(CarbonIntensity sample) {
    lastDay.add(sample, sample.source().equals(chain.provider()));
    reference.add(sample.validFrom(), sample.value().value());
  }

  /** One kind of trouble goes on since it began. */
  private PollFailure failureOf(CarbonUnavailable why, Instant now) {
    Instant since =
        lastFailure.filter(old -> old.reason() == why.reason()).map(PollFailure::since).orElse(now);
    return new PollFailure(why.reason(), String.valueOf(why.getMessage()), since);
  }

  private Duration pause(Instant now) {
    Duration left = Duration.between(now, chain.nextPoll(now));
    Duration shortest = signal.pollPolicy().minimumPause();
    return left.compareTo(shortest) > 0 ? left : shortest;
  }

  /** The chain itself never fails; the time for a poll may be over, or there is a bug. */
  @Override
  public Duration onFailure(Exception why) {
    pollsFailed++;
    CarbonUnavailable failure =
        new CarbonUnavailable(
            CarbonUnavailable.FailureReason.PROVIDER_DOWN,
            chain.provider() + ": " + why.getMessage());
    CarbonUnavailable cause = chain.statuses().getFirst().failure().orElse(failure);
    lastFailure = Optional.of(failureOf(cause, clock.instant()));
    listener.run();
    return signal.pollPolicy().pollPeriod();
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

  /** What is known before the first poll: the provider. */
  GridState initialState() {
    return new GridState(
        chain.provider(),
        chain.region(),
        Optional.empty(),
        Optional.empty(),
        signal.timing().maxAge(),
        Optional.empty(),
        0,
        0);
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
