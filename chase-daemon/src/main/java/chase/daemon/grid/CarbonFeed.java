package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonSource;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Asks one source for the grid's carbon intensity, again and again, each time on a thread of its
 * own and never twice at once. Tells an outlook when there is a new one; a failure changes nothing
 * but {@link #state}.
 */
public final class CarbonFeed extends VerticleBase {
  private static final Logger LOG = System.getLogger(CarbonFeed.class.getName());

  /** A source that takes longer is told to stop. */
  private static final Duration LONGEST_QUESTION = Duration.ofMinutes(1);

  /** Below this no grid counts as dirty, and a reference must be above zero. */
  private static final double LEAST_REFERENCE = 1;

  private final CarbonSource source;
  private final FeedTiming timing;
  private final InstantSource clock;
  private final Topic<CarbonOutlook> outlooks;
  private final Topic<Notice> notices;
  private final TrailingMaximum trailing;
  private volatile GridState state;
  private Optional<EnergyOutlook> told = Optional.empty();
  private Optional<Thread> asking = Optional.empty();
  private long deadline;
  private long next = -1;
  private int failuresInARow;
  private boolean stopped;

  /** A feed that begins to ask when it is deployed. */
  public CarbonFeed(
      CarbonSource source,
      FeedTiming timing,
      InstantSource clock,
      Topic<CarbonOutlook> outlooks,
      Topic<Notice> notices) {
    this.source = source;
    this.timing = timing;
    this.clock = clock;
    this.outlooks = outlooks;
    this.notices = notices;
    this.trailing = new TrailingMaximum(timing.referenceWindow());
    this.state =
        new GridState(
            source.provider(),
            source.region(),
            Optional.empty(),
            Optional.empty(),
            timing.maxAge(),
            OptionalDouble.empty(),
            0,
            0);
  }

  /** What is known of the grid; any thread may ask. */
  public GridState state() {
    return state;
  }

  @Override
  public Future<?> start() {
    ask();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    vertx.cancelTimer(next);
    asking.ifPresent(Thread::interrupt);
    return Future.succeededFuture();
  }

  private void ask() {
    Thread thread = Thread.ofVirtual().name("carbon-feed").unstarted(this::question);
    asking = Optional.of(thread);
    deadline = vertx.setTimer(LONGEST_QUESTION.toMillis(), tick -> thread.interrupt());
    thread.start();
  }

  private void question() {
    try {
      CarbonIntensity answer = source.current();
      context.runOnContext(done -> answered(answer));
    } catch (CarbonUnavailable failure) {
      context.runOnContext(done -> failed(failure));
    } catch (InterruptedException e) {
      fail("no answer within " + LONGEST_QUESTION.toSeconds() + " s");
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, source.provider() + " broke", e);
      fail(String.valueOf(e));
    }
  }

  private void fail(String why) {
    CarbonUnavailable failure =
        new CarbonUnavailable(Reason.PROVIDER_DOWN, source.provider() + ": " + why);
    context.runOnContext(done -> failed(failure));
  }

  private void answered(CarbonIntensity answer) {
    if (stopped) {
      return;
    }
    Instant now = clock.instant();
    failuresInARow = 0;
    trailing.add(now, answer.value().value());
    double reference = Math.max(trailing.at(now).orElse(answer.value().value()), LEAST_REFERENCE);
    GridState before = state;
    state =
        new GridState(
            before.provider(),
            before.region(),
            Optional.of(answer),
            Optional.empty(),
            timing.maxAge(),
            OptionalDouble.of(reference),
            before.pollsOk() + 1,
            before.pollsFailed());
    tell(answer, reference, before, now);
    again(timing.after(answer, now));
  }

  private void tell(CarbonIntensity answer, double reference, GridState before, Instant now) {
    EnergyOutlook outlook = outlook(answer, reference);
    if (!told.equals(Optional.of(outlook))) {
      told = Optional.of(outlook);
      outlooks.publish(new CarbonOutlook(answer, outlook));
    }
    boolean news =
        before.trouble().isPresent()
            || !before.current().map(CarbonIntensity::value).equals(Optional.of(answer.value()));
    if (news) {
      say(now, text(answer, reference));
    }
  }

  private EnergyOutlook outlook(CarbonIntensity answer, double reference) {
    EnergyOutlook.Slot slot =
        new EnergyOutlook.Slot(answer.validFrom(), answer.validTo(), answer.value().value());
    return new EnergyOutlook(List.of(slot), reference, answer.validTo().plus(timing.maxAge()));
  }

  private static String text(CarbonIntensity answer, double reference) {
    return String.format(
        Locale.ROOT,
        "%s is at %s (%s), %.0f %% of the reference %.0f",
        answer.region(),
        answer.value(),
        answer.origin().word(),
        100 * answer.value().value() / reference,
        reference);
  }

  private void failed(CarbonUnavailable failure) {
    if (stopped) {
      return;
    }
    Instant now = clock.instant();
    failuresInARow++;
    GridState before = state;
    String message = String.valueOf(failure.getMessage());
    boolean same =
        before.trouble().filter(trouble -> trouble.reason() == failure.reason()).isPresent();
    Instant since = before.trouble().map(GridState.Trouble::since).orElse(now);
    state =
        new GridState(
            before.provider(),
            before.region(),
            before.current(),
            Optional.of(new GridState.Trouble(failure.reason(), message, since)),
            timing.maxAge(),
            before.reference(),
            before.pollsOk(),
            before.pollsFailed() + 1);
    if (!same) {
      say(now, "no new number: " + message);
    }
    again(timing.after(failure, failuresInARow));
  }

  /** Told once for each change, in the log and to whoever listens. */
  private void say(Instant now, String text) {
    LOG.log(Level.INFO, text);
    notices.publish(
        new Notice(
            now, Notice.Kind.SIGNAL, Optional.empty(), Optional.empty(), Optional.empty(), text));
  }

  private void again(Duration pause) {
    vertx.cancelTimer(deadline);
    asking = Optional.empty();
    next = vertx.setTimer(Math.max(1, pause.toMillis()), tick -> ask());
  }
}
