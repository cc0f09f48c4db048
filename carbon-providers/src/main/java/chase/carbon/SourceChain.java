package chase.carbon;

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
public final class SourceChain {
  private final BugLog bugs = new BugLog(System.getLogger(SourceChain.class.getPackageName()));
  private final List<LinkPoll> links;
  private final Optional<ChainLink> mean;
  private final OwnForecast own;
  private final ChainRules rules;
  private final InstantSource clock;
  private final ChainListener listener;
  private volatile Ladder ladder;
  private Optional<Told> told = Optional.empty();

  /** What was said last, so that it is said once. */
  private record Told(FallbackLevel level, Optional<String> provider) {}

  /**
   * A chain that knows nothing yet.
   *
   * @param links who is asked, in order, at least one
   * @param mean the mean to fall back on, which is at hand without a call
   * @param own foresees the first provider's series
   * @param pace when providers are asked again
   * @param chance a number from 0 to 1 at each call, for jitter
   * @throws IllegalArgumentException when the chain is empty, or a link is of another kind than the
   *     first one and the rules do not allow that; the message is one line for an operator
   */
  public SourceChain(
      List<ChainLink> links,
      Optional<ChainLink> mean,
      OwnForecast own,
      ChainRules rules,
      PollPace pace,
      InstantSource clock,
      DoubleSupplier chance,
      ChainListener listener) {
    requireOneKind(links, mean, rules);
    this.links = links.stream().map(link -> new LinkPoll(link, pace, clock, chance)).toList();
    this.mean = mean;
    this.own = own;
    this.rules = rules;
    this.clock = clock;
    this.listener = listener;
    this.ladder = new Ladder(states(), List.of(), Optional.empty(), rules);
  }

  /**
   * Refuses an empty chain, and a link of another kind than the first one where the rules do not
   * allow that, with {@link IllegalArgumentException} in one line for an operator.
   */
  public static void requireOneKind(
      List<ChainLink> links, Optional<ChainLink> mean, ChainRules rules) {
    if (links.isEmpty()) {
      throw new IllegalArgumentException("a chain of sources needs at least one provider");
    }
    if (rules.mixedKinds()) {
      return;
    }
    ChainLink first = links.getFirst();
    List<ChainLink> others = new ArrayList<>(links.subList(1, links.size()));
    mean.ifPresent(others::add);
    for (ChainLink other : others) {
      if (!other.signal().equals(first.signal())) {
        throw new IllegalArgumentException(
            "%s cannot stand in for %s: kinds of intensity are not mixed unless it is asked for"
                .formatted(other.words(), first.words()));
      }
    }
  }

  /** The provider that is asked first. */
  public String provider() {
    return links.getFirst().link().source().provider();
  }

  /** The region that the first provider speaks of. */
  public Region region() {
    return links.getFirst().link().source().region();
  }

  /**
   * Takes in the stored past of the first provider's series, oldest first: it teaches the guard and
   * the forecast, and its newest numbers count as any other. Before the first poll only.
   *
   * @return what is believed of it
   */
  public List<CarbonIntensity> learn(List<CarbonIntensity> past) {
    List<CarbonIntensity> believed = links.getFirst().learn(past);
    bugs.surviving("the own forecast", () -> believed.forEach(own::take));
    look();
    return believed;
  }

  /**
   * Asks every source that is due, as far down the chain as needed: who stands behind a provider
   * that has a number for now is left alone.
   *
   * @throws InterruptedException when the calling thread is told to stop
   */
  public void poll() throws InterruptedException {
    for (LinkPoll link : links) {
      boolean first = link == links.getFirst();
      Optional<CarbonIntensity> sample = link.askNumber();
      sample.ifPresent(believed -> heard(believed, first));
      Optional<List<CarbonIntensity>> ahead = link.askForecast();
      ahead
          .filter(points -> first)
          .ifPresent(points -> bugs.surviving("the own forecast", () -> own.hear(points)));
      if (sample.isEmpty() && ahead.isPresent()) {
        link.reconsidered().ifPresent(believed -> heard(believed, first));
      }
      look();
      if (ladder.speaks(link.state(), clock.instant())) {
        return;
      }
    }
  }

  private void heard(CarbonIntensity believed, boolean first) {
    if (first) {
      bugs.surviving("the own forecast", () -> own.take(believed));
    }
    bugs.surviving("the signal's past", () -> listener.heard(believed));
  }

  /** Makes what is known visible to {@link #at}. */
  private void look() {
    List<CarbonIntensity> foreseen =
        bugs.surviving("the own forecast", List.of(), () -> own.ahead(clock.instant()));
    ladder = new Ladder(states(), foreseen, meanNow(), rules);
  }

  private List<LinkState> states() {
    return links.stream().map(LinkPoll::state).toList();
  }

  private Optional<CarbonIntensity> meanNow() {
    try {
      return mean.isEmpty() ? Optional.empty() : Optional.of(mean.get().source().current());
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
    for (LinkPoll link : links) {
      Instant due = link.nextAsked(now);
      next = due.isBefore(next) ? due : next;
      if (ladder.speaks(link.state(), now)) {
        return next;
      }
    }
    return next;
  }

  /** What counts at {@code now}. A change is told to the listener first, and once. */
  public ChainAnswer at(Instant now) {
    ChainAnswer answer = ladder.at(now);
    Told next = new Told(answer.level(), answer.provider());
    if (!told.equals(Optional.of(next))) {
      Optional<FallbackLevel> before = told.map(Told::level);
      told = Optional.of(next);
      listener.changed(new LevelChange(before, answer.level(), now, line(answer)));
    }
    return answer;
  }

  private String line(ChainAnswer answer) {
    String subject =
        answer
            .now()
            .map(
                number -> "%s %s, %s".formatted(number.provider(), number.region(), number.value()))
            .orElse("limits go back");
    return String.format(
        Locale.ROOT,
        "the signal is at level %d, %s: %s%s",
        answer.level().number(),
        answer.level().word(),
        subject,
        why(answer));
  }

  /** Why the first provider's live number does not count. */
  private String why(ChainAnswer answer) {
    boolean firstIsLive =
        answer.level() == FallbackLevel.LIVE && answer.provider().equals(Optional.of(provider()));
    if (firstIsLive) {
      return "";
    }
    return "; "
        + links
            .getFirst()
            .report()
            .trouble()
            .map(CarbonUnavailable::getMessage)
            .orElse(provider() + " has nothing for now");
  }

  /** How it stands with each provider, in order; any thread may ask. */
  public List<LinkReport> reports() {
    return links.stream().map(LinkPoll::report).toList();
  }

  /** What a restart must not lose, for each provider in order. */
  public List<LinkMemory> memories() {
    return links.stream().map(LinkPoll::memory).toList();
  }

  /** Takes up where an earlier chain of the same providers was; before the first poll only. */
  public void remember(List<Optional<LinkMemory>> memories) {
    for (int i = 0; i < Math.min(memories.size(), links.size()); i++) {
      memories.get(i).ifPresent(links.get(i)::remember);
    }
    List<CarbonIntensity> ahead = links.getFirst().state().forecast();
    if (!ahead.isEmpty()) {
      own.hear(ahead);
    }
    look();
  }
}
