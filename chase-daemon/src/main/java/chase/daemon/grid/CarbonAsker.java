package chase.daemon.grid;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.GridSignal;
import chase.carbon.forecast.SeriesForecast;
import chase.daemon.grid.GridState.Trouble;
import chase.daemon.grid.Strand.Period;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * Asks the chain of sources again and again, and keeps what it says. What was remembered is learned
 * before the first question. All but {@link #ask} on one context.
 */
final class CarbonAsker implements Poll.Subject<CarbonAsker.Heard> {
  private final BugLog bugs = new BugLog(System.getLogger(CarbonAsker.class.getName()));

  /** A chain asks several providers, one after the other. */
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final CarbonSignal signal;
  private final InstantSource clock;
  private final FallbackChain chain;
  private final SeriesForecast forecast;
  private final Reference reference;
  private final Runnable told;
  private final List<CarbonIntensity> heard = new ArrayList<>();
  private boolean learned;
  private Optional<GridSignal> answer = Optional.empty();
  private Optional<CarbonIntensity> last = Optional.empty();
  private Optional<Trouble> trouble = Optional.empty();
  private long pollsOk;
  private long pollsFailed;

  /**
   * What one poll brought.
   *
   * @param past what was remembered, the first time
   * @param numbers what was believed
   */
  record Heard(List<CarbonIntensity> past, List<CarbonIntensity> numbers) {}

  /**
   * An asker that has not asked yet.
   *
   * @param chance a number from 0 to 1 at each call, for jitter
   * @param changed called when the chain falls back or comes up again, before anybody acts on it
   * @param told called after every poll
   */
  CarbonAsker(
      CarbonSignal signal,
      InstantSource clock,
      DoubleSupplier chance,
      Consumer<FallbackChain.LevelChange> changed,
      Runnable told) {
    this.signal = signal;
    this.clock = clock;
    this.told = told;
    FeedTiming timing = signal.timing();
    this.reference = new Reference(signal.reference(), timing.referenceWindow(), timing.day());
    this.forecast = new SeriesForecast(signal.horizon());
    this.chain =
        new FallbackChain(
            signal.links(),
            signal.mean(),
            forecast,
            signal.rules(),
            signal.pace(),
            clock,
            chance,
            new Ears(changed));
  }

  private final class Ears implements FallbackChain.ChainListener {
    private final Consumer<FallbackChain.LevelChange> changed;

    Ears(Consumer<FallbackChain.LevelChange> changed) {
      this.changed = changed;
    }

    @Override
    public void onValue(CarbonIntensity sample) {
      heard.add(sample);
      if (sample.provider().equals(chain.provider())) {
        signal.past().keep(sample);
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
  public Duration longest() {
    return LONGEST;
  }

  @Override
  public Heard ask() throws InterruptedException {
    List<CarbonIntensity> past = learned ? List.of() : learn();
    heard.clear();
    chain.poll();
    signal.past().save(chain);
    return new Heard(past, List.copyOf(heard));
  }

  /**
   * Once, whatever comes of it: a past that cannot be learned from must not keep the present from
   * being asked for, now or at any later question.
   */
  private List<CarbonIntensity> learn() throws InterruptedException {
    try {
      List<CarbonIntensity> past = signal.past().load();
      List<CarbonIntensity> believed = chain.learn(past);
      signal.past().recall(chain);
      learned = true;
      return believed;
    } catch (RuntimeException bug) {
      learned = true;
      bugs.log("learning from the past", bug);
      return List.of();
    }
  }

  @Override
  public Duration answered(Heard news) {
    Instant now = clock.instant();
    news.past().forEach(this::note);
    news.numbers().forEach(this::note);
    Optional<CarbonUnavailable> failure = chain.statuses().getFirst().failure();
    pollsOk += news.numbers().isEmpty() ? 0 : 1;
    pollsFailed += failure.isPresent() ? 1 : 0;
    trouble = failure.map(why -> trouble(why, now));
    told.run();
    return pause(now);
  }

  private void note(CarbonIntensity sample) {
    reference.add(sample.validFrom(), sample.value().value());
  }

  /** One kind of trouble goes on since it began. */
  private Trouble trouble(CarbonUnavailable why, Instant now) {
    Instant since =
        trouble.filter(old -> old.reason() == why.reason()).map(Trouble::since).orElse(now);
    return new Trouble(why.reason(), String.valueOf(why.getMessage()), since);
  }

  private Duration pause(Instant now) {
    Duration left = Duration.between(now, chain.nextPoll(now));
    Duration shortest = signal.pace().minimumPause();
    return left.compareTo(shortest) > 0 ? left : shortest;
  }

  /** The chain itself never fails; the time for a question may be over, or there is a bug. */
  @Override
  public Duration failed(Exception why) {
    pollsFailed++;
    CarbonUnavailable failure =
        new CarbonUnavailable(
            CarbonUnavailable.FailureReason.PROVIDER_DOWN,
            chain.provider() + ": " + why.getMessage());
    CarbonUnavailable cause = chain.statuses().getFirst().failure().orElse(failure);
    trouble = Optional.of(trouble(cause, clock.instant()));
    told.run();
    return signal.pace().pollPeriod();
  }

  /** What counts at {@code now}. */
  GridSignal at(Instant now) {
    GridSignal counts = chain.at(now);
    answer = Optional.of(counts);
    last = counts.current().or(() -> last);
    return counts;
  }

  /** The carbon intensity as a part of what a joule weighs; empty without a signal. */
  Optional<Strand> strand(GridSignal counts, Instant now) {
    if (counts.current().isEmpty()) {
      return Optional.empty();
    }
    List<Period> periods = periods(counts, now);
    return Optional.of(new Strand(periods, reference.at(now, periods)));
  }

  private List<Period> periods(GridSignal counts, Instant now) {
    Instant end = now.plus(signal.timing().planAhead());
    return Stream.concat(
            counts.current().stream(),
            counts.forecast().stream().filter(later -> later.validFrom().isBefore(end)))
        .map(one -> new Period(one.validFrom(), one.validTo(), one.value().value()))
        .toList();
  }

  /** What is known before the first answer: who is asked. */
  GridState unanswered() {
    return new GridState(
        chain.provider(),
        chain.region(),
        Optional.empty(),
        Optional.empty(),
        signal.timing().maxAge(),
        OptionalDouble.empty(),
        0,
        0);
  }

  /** All that is known, as of the last look. */
  GridState state(Instant now) {
    GridSignal counts = answer.orElseGet(() -> at(now));
    List<Period> periods = periods(counts, now);
    return new GridState(
        chain.provider(),
        chain.region(),
        counts.level(),
        last,
        counts.forecast(),
        trouble,
        signal.timing().maxAge(),
        periods.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(reference.at(now, periods)),
        pollsOk,
        pollsFailed,
        new Insight(chain.statuses(), forecast.scores(), forecast.points()),
        Optional.empty(),
        EnergyWeights.CARBON);
  }
}
