package chase.carbon.fallback;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import chase.carbon.SeriesForecaster;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * One signal from several sources, each of which replaces the one before it where that has nothing:
 * a provider's live value, its forecast for now, Chase's own forecast, the last value, a mean, and
 * no signal. Each signal names its level, and the listener is notified of every change before the
 * signal is returned.
 *
 * <p>{@link #poll} calls the providers that are due, blocks, and is for one thread at a time;
 * {@link #at} decides from what is known without blocking, for one thread too, which may be
 * another.
 */
public final class FallbackChain {
  private final BugLog bugs = new BugLog(System.getLogger(FallbackChain.class.getPackageName()));
  private final List<SourcePoller> pollers;
  private final LateValues late;
  private final Optional<CarbonProvider> mean;
  private final SeriesForecaster own;
  private final FallbackRules rules;
  private final InstantSource clock;
  private final ChainListener listener;
  private volatile FallbackDecision decision;

  /** The first provider's first value, until what came before it is learned. */
  private Optional<CarbonIntensity> unlearned = Optional.empty();

  private Optional<PublishedLevel> published = Optional.empty();

  /** The last level that the listener was notified of. */
  private record PublishedLevel(FallbackLevel level, Optional<String> provider) {}

  /**
   * A chain that knows nothing yet.
   *
   * @param providers the providers in their order, at least one
   * @param mean the mean to fall back on, which is at hand without a call
   * @param own forecasts the first provider's series
   * @param policy when providers are polled again
   * @param jitter a number from 0 to 1 at each call
   * @throws IllegalArgumentException when the chain is empty, or a provider is of another kind than
   *     the first one and the rules do not allow that; the message is one line for an operator
   */
  public FallbackChain(
      List<CarbonProvider> providers,
      Optional<CarbonProvider> mean,
      SeriesForecaster own,
      FallbackRules rules,
      PollPolicy policy,
      InstantSource clock,
      DoubleSupplier jitter,
      ChainListener listener) {
    rules.requireOneKind(providers, mean);
    this.pollers =
        providers.stream()
            .map(provider -> new SourcePoller(provider, policy, clock, jitter))
            .toList();
    this.late = new LateValues(pollers.getFirst(), policy, clock, jitter);
    this.mean = mean;
    this.own = own;
    this.rules = rules;
    this.clock = clock;
    this.listener = listener;
    this.decision = new FallbackDecision(knownValues(), List.of(), Optional.empty(), rules);
  }

  /** The provider that is polled first. */
  public String provider() {
    return pollers.getFirst().provider().provider();
  }

  /** The region of the first provider. */
  public Region region() {
    return pollers.getFirst().provider().region();
  }

  /**
   * Learns the stored past of the first provider's series, oldest first: the guard and the forecast
   * learn from it, and its newest values count as any other. Before the first poll only.
   *
   * @return what is believed of it
   */
  public List<CarbonIntensity> learn(List<CarbonIntensity> past) {
    List<CarbonIntensity> believed = pollers.getFirst().learn(past);
    bugs.guarded("the own forecast", () -> believed.forEach(own::add));
    believed.forEach(late::learned);
    refresh();
    return believed;
  }

  /**
   * Learns what is missing of the past before the first provider's first value, oldest first, while
   * that is {@link #isUnlearned()} or could not be had. Between two polls only.
   *
   * @return what is believed of it
   */
  public List<CarbonIntensity> learnMissing(List<CarbonIntensity> past) {
    SourcePoller first = pollers.getFirst();
    List<CarbonIntensity> believed = first.learnMissing(past);
    bugs.guarded(
        "the own forecast",
        () -> {
          believed.forEach(own::add);
          addProviderForecast(first.known().forecast());
        });
    believed.forEach(late::learned);
    unlearned = unlearned.or(first::reconsidered);
    refresh();
    return believed;
  }

  /** Whether the first provider's first value counts already, and is learned by the next poll. */
  public boolean isUnlearned() {
    return unlearned.isPresent();
  }

  /**
   * As {@link #poll}, until the first provider has a value: that counts at once and is learned by
   * the next poll, so that what came before it can be read in between, however long that takes.
   *
   * @throws InterruptedException when the calling thread is interrupted
   */
  public void pollFirst() throws InterruptedException {
    poll(true);
  }

  /**
   * Polls every provider that is due, as far down the chain as needed: those after a provider that
   * has a value for now are not polled. What the first one measured since its last value is learned
   * before its value for now.
   *
   * @throws InterruptedException when the calling thread is interrupted
   */
  public void poll() throws InterruptedException {
    poll(false);
  }

  private void poll(boolean starting) throws InterruptedException {
    onCurrent(unlearned, true, false);
    unlearned = Optional.empty();
    for (SourcePoller poller : pollers) {
      boolean first = poller == pollers.getFirst();
      Optional<CarbonIntensity> value = poller.pollValue();
      onCurrent(value, first, starting);
      if (first && poller.status().failure().isPresent()) {
        bugs.guarded("why there is no value", listener::onFailure);
      }
      Optional<List<CarbonIntensity>> ahead = poller.pollForecast();
      ahead
          .filter(points -> first)
          .ifPresent(
              points -> bugs.guarded("the own forecast", () -> own.addProviderForecast(points)));
      if (value.isEmpty() && ahead.isPresent()) {
        onCurrent(poller.reconsidered(), first, starting);
      }
      refresh();
      if (decision.providesNow(poller.known(), clock.instant())) {
        return;
      }
    }
  }

  private void onCurrent(Optional<CarbonIntensity> value, boolean first, boolean starting)
      throws InterruptedException {
    if (value.isEmpty()) {
      return;
    }
    if (first && starting) {
      unlearned = value;
      return;
    }
    if (first) {
      late.before(value.get()).forEach(missed -> onValue(missed, true));
    }
    onValue(value.get(), first);
  }

  private void onValue(CarbonIntensity believed, boolean first) {
    if (first && believed.provenance().isObserved()) {
      bugs.guarded("the own forecast", () -> own.add(believed));
      late.learned(believed);
    }
    bugs.guarded("the signal's past", () -> listener.onValue(believed));
  }

  /** Makes what is known now visible to {@link #at}. */
  private void refresh() {
    List<CarbonIntensity> forecast =
        bugs.guarded("the own forecast", List.of(), () -> own.forecast(clock.instant()));
    decision = new FallbackDecision(knownValues(), forecast, meanNow(), rules);
  }

  private List<KnownValues> knownValues() {
    return pollers.stream().map(SourcePoller::known).toList();
  }

  private Optional<CarbonIntensity> meanNow() {
    try {
      return mean.isEmpty() ? Optional.empty() : Optional.of(mean.get().current());
    } catch (CarbonUnavailable none) {
      return Optional.empty();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** When {@link #poll} has something to do, {@code now} or later. */
  public Instant nextPoll(Instant now) {
    if (unlearned.isPresent()) {
      return now;
    }
    Instant next = Instant.MAX;
    for (SourcePoller poller : pollers) {
      Instant due = poller.nextPoll(now);
      next = due.isBefore(next) ? due : next;
      if (decision.providesNow(poller.known(), now)) {
        return next;
      }
    }
    return next;
  }

  /** The signal at {@code now}. The listener is notified of a change first, and once. */
  public GridSignal at(Instant now) {
    GridSignal signal = decision.decide(now);
    PublishedLevel next = new PublishedLevel(signal.level(), signal.provider());
    if (!published.equals(Optional.of(next))) {
      Optional<FallbackLevel> before = published.map(PublishedLevel::level);
      published = Optional.of(next);
      listener.onLevelChange(new LevelChange(before, signal.level(), now, message(signal)));
    }
    return signal;
  }

  private String message(GridSignal signal) {
    String subject =
        signal
            .current()
            .map(
                number -> "%s %s, %s".formatted(number.provider(), number.region(), number.value()))
            .orElse("limits go back");
    return String.format(
        Locale.ROOT,
        "the signal is at level %d, %s: %s%s",
        signal.level().number(),
        signal.level().label(),
        subject,
        why(signal));
  }

  /** Why the first provider's live value does not count. */
  private String why(GridSignal signal) {
    boolean firstIsLive =
        signal.level() == FallbackLevel.LIVE && signal.provider().equals(Optional.of(provider()));
    if (firstIsLive) {
      return "";
    }
    return "; "
        + pollers
            .getFirst()
            .status()
            .failure()
            .map(CarbonUnavailable::getMessage)
            .orElse(provider() + " has nothing for now");
  }

  /** The status of each provider, in order; for any thread. */
  public List<SourceStatus> statuses() {
    return pollers.stream().map(SourcePoller::status).toList();
  }

  /** What a restart must not lose, for each provider in order. */
  public List<SavedSource> saved() {
    return pollers.stream().map(SourcePoller::saved).toList();
  }

  /** Restores what an earlier chain of the same providers saved; before the first poll only. */
  public void restore(List<Optional<SavedSource>> saved) {
    for (int i = 0; i < Math.min(saved.size(), pollers.size()); i++) {
      saved.get(i).ifPresent(pollers.get(i)::restore);
    }
    addProviderForecast(pollers.getFirst().known().forecast());
    refresh();
  }

  private void addProviderForecast(List<CarbonIntensity> ahead) {
    if (!ahead.isEmpty()) {
      own.addProviderForecast(ahead);
    }
  }

  /** Is notified of what a chain learns and decides. */
  public interface ChainListener {
    /**
     * A value was believed; called by the polling thread. Measured and estimated ones come oldest
     * first; where a provider is late with them, a forecast for now has come before.
     */
    void onValue(CarbonIntensity value);

    /**
     * The first provider gave no value, as its status says; called by the polling thread, before
     * anything else is polled, which may take a minute.
     */
    default void onFailure() {}

    /**
     * The level or the provider changed; called once for each change, before the signal is
     * returned.
     */
    void onLevelChange(LevelChange change);
  }

  /**
   * The chain fell back, recovered, or another provider took over.
   *
   * @param from the level before; empty for the first
   * @param to the level from now on
   * @param at when
   * @param message the same for people
   */
  public record LevelChange(
      Optional<FallbackLevel> from, FallbackLevel to, Instant at, String message) {}
}
