package chase.daemon.grid;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fallback.GridSignal;
import chase.daemon.bus.Notice;
import chase.daemon.bus.Topic;
import chase.zeus.policy.EnergyOutlook;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Asks for the grid's carbon intensity and for the price of energy, off the event loop, and tells
 * what a joule weighs, now and ahead, whenever that changes. Who gives no number changes nothing
 * but {@link #state}, until what is known may no longer be acted on.
 */
public final class CarbonFeed extends VerticleBase {
  private static final Logger LOG = System.getLogger(CarbonFeed.class.getName());

  /** The engine must not find an outlook over that is about to be replaced. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration LONGEST_REST = Duration.ofHours(1);
  private static final Duration AFTER_BUG = Duration.ofMinutes(1);

  private final BugLog bugs = new BugLog(LOG);
  private final FeedSources sources;
  private final InstantSource clock;
  private final Topic<EnergyOutlook> outlooks;
  private final Topic<Notice> notices;
  private final Optional<CarbonAsker> carbon;
  private final Optional<PriceAsker> price;
  private final List<Poll<?>> polls = new ArrayList<>();
  private volatile GridState state;
  private Optional<EnergyOutlook> told = Optional.empty();
  private Optional<FallbackLevel> before = Optional.empty();
  private long weighing = -1;

  /** A feed that begins to ask when it is deployed. */
  public CarbonFeed(
      FeedSources sources,
      InstantSource clock,
      Topic<EnergyOutlook> outlooks,
      Topic<Notice> notices) {
    this.sources = sources;
    this.clock = clock;
    this.outlooks = outlooks;
    this.notices = notices;
    this.carbon =
        sources
            .carbon()
            .map(signal ->
                new CarbonAsker(signal, clock, sources.chance(), this::changed, this::weigh));
    this.price =
        sources
            .price()
            .map(signal -> new PriceAsker(signal, clock, sources.chance(), this::priced));
    this.state =
        carbon
            .map(CarbonAsker::unanswered)
            .orElseGet(() -> GridState.unasked(sources.region(), sources.maxAge()));
  }

  /** What is known of the grid; any thread may ask. */
  public GridState state() {
    return state;
  }

  @Override
  public Future<?> start() {
    carbon.ifPresent(asker -> polls.add(new Poll<>(vertx, context, asker)));
    price.ifPresent(asker -> polls.add(new Poll<>(vertx, context, asker)));
    polls.forEach(Poll::start);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    vertx.cancelTimer(weighing);
    polls.forEach(Poll::stop);
    return Future.succeededFuture();
  }

  private void priced(Optional<String> news) {
    news.ifPresent(text -> say(clock.instant(), text));
    weigh();
  }

  /** Looks at what is known and tells what follows from it; again when time alone changes it. */
  private void weigh() {
    vertx.cancelTimer(weighing);
    Duration rest = bugs.guarded("weighing the signal", AFTER_BUG, this::weighed);
    weighing = vertx.setTimer(rest.toMillis(), tick -> weigh());
  }

  /** Does so, and says when to look again. */
  private Duration weighed() {
    Instant now = clock.instant();
    GridState was = state;
    Optional<GridSignal> counts = carbon.map(asker -> asker.at(now));
    Optional<Strand> grams = counts.flatMap(answer -> carbon.orElseThrow().strand(answer, now));
    Optional<Strand> money = price.flatMap(asker -> asker.strand(now));
    state = state(now);
    Blend.of(sources.weights(), grams, money)
        .ifPresent(blend -> tell(blend, trustedUntil(counts, money, now)));
    news(was, now);
    return rest(counts, money, now);
  }

  private GridState state(Instant now) {
    return carbon
        .map(asker -> asker.state(now))
        .orElseGet(() -> GridState.unasked(sources.region(), sources.maxAge()))
        .priced(price.map(PriceAsker::state), sources.weights());
  }

  /**
   * The last number counts to the second; what may be replaced by a worse one lasts a bit longer.
   */
  private Instant trustedUntil(Optional<GridSignal> counts, Optional<Strand> money, Instant now) {
    return counts
        .filter(answer -> answer.level().usable() && sources.weights().carbon() > 0)
        .map(answer ->
            answer.level() == FallbackLevel.LAST_VALUE
                ? answer.validUntil()
                : answer.validUntil().plus(GRACE))
        .orElseGet(() -> money.isPresent() ? price.orElseThrow().state().trustedUntil() : now);
  }

  private Duration rest(Optional<GridSignal> counts, Optional<Strand> money, Instant now) {
    Duration shortest =
        Stream.concat(
                counts.map(GridSignal::validUntil).stream(),
                money.map(known -> price.orElseThrow().state().trustedUntil()).stream())
            .map(until -> Duration.between(now, until))
            .reduce(LONGEST_REST, (a, b) -> a.compareTo(b) < 0 ? a : b);
    return shortest.isPositive() ? shortest.plusMillis(1) : Duration.ofMillis(1);
  }

  private void tell(Blend blend, Instant trustedUntil) {
    EnergyOutlook outlook =
        new EnergyOutlook(
            blend.slots(), blend.reference(), trustedUntil, state.weightUnit(), sources.speed());
    if (!told.equals(Optional.of(outlook))) {
      told = Optional.of(outlook);
      outlooks.publish(outlook);
    }
  }

  /** The chain fell back or came up again. That it begins to speak is said with its number. */
  private void changed(FallbackChain.LevelChange change) {
    boolean comesUp = before.isEmpty() && change.to() == FallbackLevel.LIVE;
    boolean silent = before.isEmpty() && change.to() == FallbackLevel.NO_SIGNAL;
    before = Optional.of(change.to());
    if (!comesUp && !silent) {
      say(change.at(), change.message());
    }
  }

  private void news(GridState was, Instant now) {
    boolean over = was.trouble().isPresent() && state.trouble().isEmpty();
    boolean another =
        !was.current()
            .map(CarbonIntensity::value)
            .equals(state.current().map(CarbonIntensity::value));
    if (state.level() == FallbackLevel.LIVE && (over || another)) {
      say(now, text(state.current().orElseThrow(), state.reference()));
    }
    boolean same =
        was.trouble()
            .map(GridState.Trouble::reason)
            .equals(state.trouble().map(GridState.Trouble::reason));
    if (!same) {
      state.trouble().ifPresent(trouble -> say(now, "no new number: " + trouble.message()));
    }
  }

  private static String text(CarbonIntensity current, OptionalDouble reference) {
    double grams = current.value().value();
    return String.format(
        Locale.ROOT,
        "%s is at %s (%s), %.0f %% of the reference %.0f",
        current.region(),
        current.value(),
        current.provenance().label(),
        100 * grams / reference.orElse(grams),
        reference.orElse(grams));
  }

  /** Told once for each change, in the log and to whoever listens. */
  private void say(Instant now, String text) {
    LOG.log(Level.INFO, text);
    notices.publish(
        new Notice(
            now, Notice.Kind.SIGNAL, Optional.empty(), Optional.empty(), Optional.empty(), text));
  }
}
