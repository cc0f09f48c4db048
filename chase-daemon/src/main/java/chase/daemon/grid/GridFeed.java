package chase.daemon.grid;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fallback.GridSignal;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.text.Durations;
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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Polls the grid's carbon intensity and the price of energy, off the event loop, and publishes what
 * a joule weighs, now and ahead, whenever that changes. A provider without a number changes nothing
 * but {@link #state}, until the last one may no longer be acted on.
 */
public final class GridFeed extends VerticleBase {
  private static final Logger LOG = System.getLogger(GridFeed.class.getName());

  /** The engine must not find an outlook over that is about to be replaced. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration MAX_PAUSE = Duration.ofHours(1);
  private static final Duration AFTER_BUG = Duration.ofMinutes(1);

  /** What a poll that is interrupted may take until it ends. */
  private static final Duration MAX_INTERRUPTION = Duration.ofSeconds(5);

  private final BugLog bugs = new BugLog(LOG);
  private volatile SignalSettings sources;
  private final InstantSource clock;
  private final Topic<EnergyOutlook> outlookTopic;
  private final Topic<Notification> notifications;
  private Optional<CarbonPoller> carbon;
  private Optional<PricePoller> price;

  /** What takes the place of {@link #carbon} once it has a number. */
  private Optional<CarbonPoller> nextCarbon = Optional.empty();

  private Optional<PricePoller> nextPrice = Optional.empty();

  /** Ends the sources that were replaced last, and then begins to poll the others. */
  private Optional<Thread> replacing = Optional.empty();

  private boolean stopped;
  private final List<PollLoop<?>> polls = new ArrayList<>();
  private volatile GridState state;
  private volatile GridPast past = GridPast.NONE;
  private Optional<EnergyOutlook> lastOutlook = Optional.empty();
  private Optional<FallbackLevel> lastLevel = Optional.empty();
  private long timer = -1;

  /** A feed that begins to poll when it is deployed. */
  public GridFeed(
      SignalSettings sources,
      InstantSource clock,
      Topic<EnergyOutlook> outlooks,
      Topic<Notification> notifications) {
    this.sources = sources;
    this.clock = clock;
    this.outlookTopic = outlooks;
    this.notifications = notifications;
    this.carbon = carbonPoller(sources);
    this.price = pricePoller(sources);
    this.state =
        carbon
            .map(CarbonPoller::initialState)
            .orElseGet(() -> GridState.withoutProvider(sources.region(), sources.maxAge()));
  }

  private Optional<CarbonPoller> carbonPoller(SignalSettings settings) {
    return settings
        .carbon()
        .map(signal ->
            new CarbonPoller(
                signal,
                clock,
                settings.jitter(),
                this::onLevelChange,
                task -> context.runOnContext(now -> task.run()),
                this::update));
  }

  private Optional<PricePoller> pricePoller(SignalSettings settings) {
    return settings
        .price()
        .map(signal -> new PricePoller(signal, clock, settings.jitter(), this::onPrice));
  }

  /** What is known of the grid; any thread may call. */
  public GridState state() {
    return state;
  }

  /** What the grid was like in the last day; any thread may call. */
  public GridPast past() {
    return past;
  }

  /** How many seconds of the grid pass in one of the clock; more than 1 for a recording. */
  public double speed() {
    return sources.speed();
  }

  @Override
  public Future<?> start() {
    poll(carbon, price);
    return Future.succeededFuture();
  }

  private void poll(Optional<CarbonPoller> grams, Optional<PricePoller> money) {
    grams.ifPresent(poller -> polls.add(new PollLoop<>(vertx, context, poller)));
    money.ifPresent(poller -> polls.add(new PollLoop<>(vertx, context, poller)));
    polls.forEach(PollLoop::start);
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    polls.forEach(PollLoop::stop);
    return Future.succeededFuture();
  }

  /**
   * Polls other sources from now on. What the present ones said last counts until those have a
   * number, or until it is too old; where none is configured any more, nothing counts from now on.
   * Any thread may call.
   *
   * @param closePresent closes the present sources, which are polled no more; may block. It is
   *     called before the others are polled, since both may keep their past in the same files
   */
  public void replace(SignalSettings others, Runnable closePresent) {
    context.runOnContext(now -> replaceNow(others, closePresent));
  }

  private void replaceNow(SignalSettings others, Runnable closePresent) {
    List<Thread> pending = polls.stream().map(PollLoop::stop).flatMap(Optional::stream).toList();
    polls.clear();
    nextCarbon = carbonPoller(others);
    nextPrice = pricePoller(others);
    carbon = carbon.filter(known -> others.carbon().isPresent());
    price = price.filter(known -> others.price().isPresent());
    lastLevel = Optional.empty();
    use(others);
    List<Thread> ending = Stream.concat(replacing.stream(), pending.stream()).toList();
    Thread own =
        Thread.ofVirtual()
            .name("grid-replacement")
            .unstarted(() -> {
              awaitEnd(ending);
              closePresent.run();
              Thread current = Thread.currentThread();
              context.runOnContext(now -> pollAfter(current));
            });
    replacing = Optional.of(own);
    own.start();
  }

  /** Of two replacements only the last one polls. */
  private void pollAfter(Thread replacement) {
    if (!stopped && replacing.equals(Optional.of(replacement))) {
      replacing = Optional.empty();
      poll(nextCarbon.or(() -> carbon), nextPrice.or(() -> price));
    }
  }

  private static void awaitEnd(List<Thread> pending) {
    try {
      for (Thread poll : pending) {
        poll.join(MAX_INTERRUPTION);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Weighs the same signals in another way from now on. Any thread may call. */
  public void reweigh(SignalWeights weights) {
    context.runOnContext(now -> use(sources.weighed(weights)));
  }

  private void use(SignalSettings others) {
    sources = others;
    if (!others.hasCounting()) {
      lastOutlook.ifPresent(this::withdraw);
    }
    update();
  }

  /** Nobody may act on what was known any more. */
  private void withdraw(EnergyOutlook last) {
    EnergyOutlook over =
        new EnergyOutlook(
            last.slots(), last.reference(), clock.instant(), last.unit(), last.speed());
    lastOutlook = Optional.of(over);
    outlookTopic.publish(over);
  }

  private void onPrice(Optional<String> news) {
    news.ifPresent(text -> log(clock.instant(), text));
    update();
  }

  /** Publishes what follows from what is known; again when time alone changes it. */
  private void update() {
    vertx.cancelTimer(timer);
    Duration rest = bugs.guarded("weighing the signal", AFTER_BUG, this::updateOnce);
    timer = stopped ? -1 : vertx.setTimer(rest.toMillis(), tick -> update());
  }

  /** Does so, and returns when to do it again. */
  private Duration updateOnce() {
    Instant now = clock.instant();
    GridState was = state;
    adoptNext(now);
    Optional<GridSignal> counts = carbon.map(poller -> poller.at(now));
    Optional<EnergyWeight.Component> grams =
        counts.flatMap(answer -> carbon.orElseThrow().component(answer, now));
    Optional<EnergyWeight.Component> money = price.flatMap(poller -> poller.component(now));
    state = state(now);
    past =
        new GridPast(
            carbon.map(poller -> poller.past(now)).orElse(List.of()),
            price.map(poller -> poller.past(now)).orElse(List.of()));
    EnergyWeight.of(sources.weights(), grams, money)
        .ifPresent(blend -> publishOutlook(blend, trustedUntil(counts, money, now)));
    logChanges(was, now);
    return untilNextUpdate(counts, money, now);
  }

  /** Goes over to new sources as soon as they have a number, or the old ones have none left. */
  private void adoptNext(Instant now) {
    if (nextCarbon.isPresent() && (hasNumber(nextCarbon, now) || !hasNumber(carbon, now))) {
      carbon = nextCarbon;
      nextCarbon = Optional.empty();
    }
    boolean priced = nextPrice.flatMap(poller -> poller.component(now)).isPresent();
    boolean stillPriced = price.flatMap(poller -> poller.component(now)).isPresent();
    if (nextPrice.isPresent() && (priced || !stillPriced)) {
      price = nextPrice;
      nextPrice = Optional.empty();
    }
  }

  private static boolean hasNumber(Optional<CarbonPoller> signal, Instant now) {
    return signal.filter(poller -> poller.at(now).current().isPresent()).isPresent();
  }

  private GridState state(Instant now) {
    return carbon
        .map(poller -> poller.state(now))
        .map(known ->
            nextCarbon.map(poller -> known.withFailure(poller.state(now).failure())).orElse(known))
        .orElseGet(() -> GridState.withoutProvider(sources.region(), sources.maxAge()))
        .withPrice(price.map(PricePoller::state), sources.weights());
  }

  /**
   * The last number counts to the second; what may be replaced by a worse one lasts a bit longer.
   */
  private Instant trustedUntil(
      Optional<GridSignal> counts, Optional<EnergyWeight.Component> money, Instant now) {
    return counts
        .filter(answer -> answer.level().usable() && sources.weights().carbon() > 0)
        .map(answer ->
            answer.level() == FallbackLevel.LAST_VALUE
                ? answer.validUntil()
                : answer.validUntil().plus(GRACE))
        .orElseGet(() -> money.isPresent() ? price.orElseThrow().state().trustedUntil() : now);
  }

  private Duration untilNextUpdate(
      Optional<GridSignal> counts, Optional<EnergyWeight.Component> money, Instant now) {
    Duration shortest =
        Stream.concat(
                counts.map(GridSignal::validUntil).stream(),
                money.map(known -> price.orElseThrow().state().trustedUntil()).stream())
            .map(until -> Duration.between(now, until))
            .reduce(MAX_PAUSE, Durations::shorter);
    return shortest.isPositive() ? shortest.plusMillis(1) : Duration.ofMillis(1);
  }

  private void publishOutlook(EnergyWeight blend, Instant trustedUntil) {
    EnergyOutlook outlook =
        new EnergyOutlook(
            blend.slots(), blend.reference(), trustedUntil, state.weightUnit(), sources.speed());
    if (!lastOutlook.equals(Optional.of(outlook))) {
      lastOutlook = Optional.of(outlook);
      outlookTopic.publish(outlook);
    }
  }

  /** The chain fell back or came up again. Its first value is logged with the value. */
  private void onLevelChange(FallbackChain.LevelChange change) {
    boolean comesUp = lastLevel.isEmpty() && change.to() == FallbackLevel.LIVE;
    boolean silent = lastLevel.isEmpty() && change.to() == FallbackLevel.NO_SIGNAL;
    boolean worse = lastLevel.filter(last -> change.to().number() > last.number()).isPresent();
    lastLevel = Optional.of(change.to());
    if (!comesUp && !silent) {
      log(worse ? Level.WARNING : Level.INFO, change.at(), change.message());
    }
  }

  private void logChanges(GridState was, Instant now) {
    boolean over = was.failure().isPresent() && state.failure().isEmpty();
    boolean another =
        !was.current()
            .map(CarbonIntensity::value)
            .equals(state.current().map(CarbonIntensity::value));
    if (state.level() == FallbackLevel.LIVE && (over || another)) {
      log(now, state.text(state.current().orElseThrow()));
    }
    boolean same =
        was.failure()
            .map(GridState.PollFailure::reason)
            .equals(state.failure().map(GridState.PollFailure::reason));
    if (!same) {
      state.failure().ifPresent(trouble -> log(now, "no new number: " + trouble.message()));
    }
  }

  /** Logged and published once for each change. */
  private void log(Instant now, String text) {
    log(Level.INFO, now, text);
  }

  private void log(Level level, Instant now, String text) {
    LOG.log(level, text);
    notifications.publish(
        Notification.of(now, Notification.NotificationKind.SIGNAL, Optional.empty(), text));
  }
}
