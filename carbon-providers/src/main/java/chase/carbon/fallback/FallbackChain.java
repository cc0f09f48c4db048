package chase.carbon.fallback;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import chase.carbon.SeriesForecaster;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * One signal from several sources, each standing in for the one before it: a provider's live
 * number, its forecast for now, our own forecast from the past, the last number, a mean, and no
 * signal. What speaks is always known: each answer names its level, and the listener hears of every
 * change before anybody can act on it.
 *
 * <p>{@link #poll} asks what is due, blocks, and is for one thread at a time; {@link #at} decides
 * from what is known and neither blocks nor asks, and is for one thread too, which may be another.
 */
public final class FallbackChain {
  private final BugLog bugs = new BugLog(System.getLogger(FallbackChain.class.getPackageName()));
  private final List<SourcePoller> pollers;
  private final Optional<CarbonProvider> mean;
  private final SeriesForecaster own;
  private final FallbackRules rules;
  private final InstantSource clock;
  private final ChainListener listener;
  private volatile FallbackDecision decision;
  private Optional<PublishedLevel> published = Optional.empty();

  /** What was said last, so that it is said once. */
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
    requireOneKind(providers, mean, rules);
    this.pollers =
        providers.stream()
            .map(provider -> new SourcePoller(provider, policy, clock, jitter))
            .toList();
    this.mean = mean;
    this.own = own;
    this.rules = rules;
    this.clock = clock;
    this.listener = listener;
    this.decision = new FallbackDecision(knownValues(), List.of(), Optional.empty(), rules);
  }

  /**
   * Refuses an empty chain, and a provider of another kind than the first one where the rules do
   * not allow that, with {@link IllegalArgumentException} in one line for an operator.
   */
  public static void requireOneKind(
      List<CarbonProvider> providers, Optional<CarbonProvider> mean, FallbackRules rules) {
    if (providers.isEmpty()) {
      throw new IllegalArgumentException("a chain of sources needs at least one provider");
    }
    if (rules.mixedKinds()) {
      return;
    }
    CarbonProvider first = providers.getFirst();
    List<CarbonProvider> others = new ArrayList<>(providers.subList(1, providers.size()));
    mean.ifPresent(others::add);
    for (CarbonProvider other : others) {
      if (!other.kind().equals(first.kind())) {
        throw new IllegalArgumentException(
            "%s cannot stand in for %s: kinds of intensity are not mixed unless it is asked for"
                .formatted(description(other), description(first)));
      }
    }
  }

  private static String description(CarbonProvider provider) {
    return "%s (%s)".formatted(provider.provider(), provider.kind().description());
  }

  /** The provider that is asked first. */
  public String provider() {
    return pollers.getFirst().provider().provider();
  }

  /** The region that the first provider speaks of. */
  public Region region() {
    return pollers.getFirst().provider().region();
  }

  /**
   * Takes in the stored past of the first provider's series, oldest first: it teaches the guard and
   * the forecast, and its newest numbers count as any other. Before the first poll only.
   *
   * @return what is believed of it
   */
  public List<CarbonIntensity> learn(List<CarbonIntensity> past) {
    List<CarbonIntensity> believed = pollers.getFirst().learn(past);
    bugs.guarded("the own forecast", () -> believed.forEach(own::add));
    refresh();
    return believed;
  }

  /**
   * Asks every source that is due, as far down the chain as needed: who stands behind a provider
   * that has a number for now is left alone.
   *
   * @throws InterruptedException when the calling thread is interrupted
   */
  public void poll() throws InterruptedException {
    for (SourcePoller poller : pollers) {
      boolean first = poller == pollers.getFirst();
      Optional<CarbonIntensity> sample = poller.pollValue();
      sample.ifPresent(believed -> onValue(believed, first));
      Optional<List<CarbonIntensity>> ahead = poller.pollForecast();
      ahead
          .filter(points -> first)
          .ifPresent(
              points -> bugs.guarded("the own forecast", () -> own.addProviderForecast(points)));
      if (sample.isEmpty() && ahead.isPresent()) {
        poller.reconsidered().ifPresent(believed -> onValue(believed, first));
      }
      refresh();
      if (decision.providesNow(poller.known(), clock.instant())) {
        return;
      }
    }
  }

  private void onValue(CarbonIntensity believed, boolean first) {
    if (first) {
      bugs.guarded("the own forecast", () -> own.add(believed));
    }
    bugs.guarded("the signal's past", () -> listener.onValue(believed));
  }

  /** Makes what is known visible to {@link #at}. */
  private void refresh() {
    List<CarbonIntensity> foreseen =
        bugs.guarded("the own forecast", List.of(), () -> own.forecast(clock.instant()));
    decision = new FallbackDecision(knownValues(), foreseen, meanNow(), rules);
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

  /** When {@link #poll} has something to ask, judged at {@code now}: then or later. */
  public Instant nextPoll(Instant now) {
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

  /** What counts at {@code now}. A change is told to the listener first, and once. */
  public GridSignal at(Instant now) {
    GridSignal answer = decision.decide(now);
    PublishedLevel next = new PublishedLevel(answer.level(), answer.provider());
    if (!published.equals(Optional.of(next))) {
      Optional<FallbackLevel> before = published.map(PublishedLevel::level);
      published = Optional.of(next);
      listener.onLevelChange(new LevelChange(before, answer.level(), now, line(answer)));
    }
    return answer;
  }

  private String line(GridSignal answer) {
    String subject =
        answer
            .current()
            .map(
                number -> "%s %s, %s".formatted(number.provider(), number.region(), number.value()))
            .orElse("limits go back");
    return String.format(
        Locale.ROOT,
        "the signal is at level %d, %s: %s%s",
        answer.level().number(),
        answer.level().label(),
        subject,
        why(answer));
  }

  /** Why the first provider's live number does not count. */
  private String why(GridSignal answer) {
    boolean firstIsLive =
        answer.level() == FallbackLevel.LIVE && answer.provider().equals(Optional.of(provider()));
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

  /** How it stands with each provider, in order; any thread may ask. */
  public List<SourceStatus> statuses() {
    return pollers.stream().map(SourcePoller::status).toList();
  }

  /** What a restart must not lose, for each provider in order. */
  public List<SavedSource> saved() {
    return pollers.stream().map(SourcePoller::saved).toList();
  }

  /** Takes up where an earlier chain of the same providers was; before the first poll only. */
  public void restore(List<Optional<SavedSource>> memories) {
    for (int i = 0; i < Math.min(memories.size(), pollers.size()); i++) {
      memories.get(i).ifPresent(pollers.get(i)::restore);
    }
    List<CarbonIntensity> ahead = pollers.getFirst().known().forecast();
    if (!ahead.isEmpty()) {
      own.addProviderForecast(ahead);
    }
    refresh();
  }

  /** Hears what a chain learns and decides. */
  public interface ChainListener {
    /** A number was believed; called by the thread that polls, oldest number first. */
    void onValue(CarbonIntensity sample);

    /**
     * The level or the provider changed; called once for each change, before anybody acts on it.
     */
    void onLevelChange(LevelChange change);
  }

  /**
   * A chain fell back, or came up again, or another provider took over.
   *
   * @param from the level before; empty for the first
   * @param to the level from now on
   * @param at when
   * @param message the same for people
   */
  public record LevelChange(
      Optional<FallbackLevel> from, FallbackLevel to, Instant at, String message) {}
}
