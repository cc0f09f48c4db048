package chase.daemon.gpu;

import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one owner of one GPU: all of its calls, those that open it included, run on one thread of its
 * own. A GPU that cannot be opened is tried again now and then. A call that does not come back in
 * time makes the card lost, until it comes back after all; whatever it brings then is dropped, the
 * original limit is put back, and the card is told as opened anew. Used on one context.
 */
final class GpuWorker {
  private static final Logger LOG = System.getLogger(GpuWorker.class.getName());

  private enum State {
    /** Not introduced yet, or lost and asked now and then whether it is back. */
    AWAY,
    /** All is well. */
    ANSWERING,
    /** The last call has not come back. */
    HUNG,
    /** Finished. */
    CLOSED
  }

  /** A question to a card; it runs on the card's thread. */
  interface Call<T> {
    T run(GpuOperations card, GpuOperations.Guard guard) throws GpuException;
  }

  private interface Write<T> {
    T run() throws GpuException;
  }

  /** Whom a worker talks to. */
  interface Listener {
    /** Something happened. */
    void onEvent(Event event);

    /** A call came back, well or not. */
    void onAnswer();

    /** A reading was taken. */
    void onReading(GpuWorker worker);

    /** A reading failed in passing, as every one did for so long. */
    void onReadingsFailing(GpuWorker worker, Duration so, String why);

    /** The driver itself seems gone. */
    void onDriverGone(GpuWorker worker, String why);
  }

  private final Vertx vertx;
  private final int index;
  private final GpuOpening opening;
  private final GpuTiming timing;
  private final InstantSource clock;
  private final Listener listener;
  private final GpuThread thread;
  private final Promise<Void> firstOpening = Promise.promise();

  /** Who waits for an answer to something that was asked beside telemetry and orders. */
  private final Set<Promise<?>> pending = new HashSet<>();

  /** Whether a call that may change the card is under way; set by the GPU's thread. */
  private volatile boolean writing;

  /** Of the last time that the card was opened. */
  private volatile Optional<GpuOperations> operations = Optional.empty();

  private State state = State.AWAY;
  private boolean reading;
  private String lastLogged = "";

  /** When the first of the readings failed that all failed since. */
  private Optional<Instant> failingSince = Optional.empty();

  private long telemetryTimer;

  /** A worker whose thread has a name that no other had; one that hung may still be about. */
  GpuWorker(
      Vertx vertx,
      GpuOpening opening,
      GpuTiming timing,
      InstantSource clock,
      String threadName,
      Listener listener) {
    this.vertx = vertx;
    this.index = opening.index();
    this.opening = opening;
    this.timing = timing;
    this.clock = clock;
    this.listener = listener;
    this.thread = new GpuThread(vertx, threadName, timing.callDeadline(), listener::onAnswer);
  }

  /** Its place in the driver's list. */
  int index() {
    return index;
  }

  /** Which GPU it is, once it was opened. */
  Optional<GpuId> id() {
    return operations.map(known -> known.gpu().traits().id());
  }

  /** Completes when the card was introduced, or took too long. */
  Future<Void> start() {
    open();
    telemetryTimer = vertx.setPeriodic(timing.telemetryPeriod().toMillis(), tick -> read());
    return firstOpening.future();
  }

  /** Whether the card answers to orders and questions. */
  boolean isAnswering() {
    return state == State.ANSWERING;
  }

  /** Whether the card answers, and its readings succeed. */
  boolean isReading() {
    return isAnswering() && failingSince.isEmpty();
  }

  /** Whether the card was never introduced so far, and nobody has given up waiting for it. */
  boolean isAwaited() {
    return !firstOpening.future().isComplete();
  }

  /** The GPU on which a change that Chase began has not come back; any thread may ask. */
  Optional<GpuId> hungWrite() {
    return writing ? id() : Optional.empty();
  }

  private void open() {
    if (state == State.HUNG) {
      thread.call(opening::open, this::onOpened, this::onOpeningFailed);
    } else {
      thread.call(opening::open, this::onOpened, this::onOpeningFailed, this::onOverdue);
    }
  }

  private void onOpened(GpuOpening.Opened opened) {
    operations = Optional.of(opened.operations());
    state = State.ANSWERING;
    lastLogged = "";
    listener.onEvent(opened.event());
    firstOpening.tryComplete();
  }

  private void onOpeningFailed(GpuException trouble) {
    if (state != State.HUNG) {
      logOnce(String.valueOf(trouble.getMessage()));
    }
    state = State.AWAY;
    firstOpening.tryComplete();
    if (trouble.kind() == Kind.REOPEN) {
      listener.onDriverGone(this, String.valueOf(trouble.getMessage()));
    } else {
      openLater();
    }
  }

  /** What looked like the driver's trouble is this card's alone: it is opened again by itself. */
  void reopenAlone(String why) {
    if (state == State.ANSWERING) {
      markLost(why);
    } else {
      openLater();
    }
  }

  private void openLater() {
    thread.afterDeadline(this::open);
  }

  /** A beat is left out while the last read is under way, so that nothing piles up. */
  private void read() {
    if (state == State.ANSWERING && !reading) {
      reading = true;
      GpuOperations opened = operations.orElseThrow();
      thread.call(opened::read, this::onReadings, this::onReadFailed, this::onOverdue);
    }
  }

  private void onReadings(List<Event> taken) {
    reading = false;
    lastLogged = "";
    failingSince = Optional.empty();
    listener.onReading(this);
    taken.forEach(listener::onEvent);
  }

  private void onReadFailed(GpuException trouble) {
    reading = false;
    if (isTransient(trouble)) {
      String why = String.valueOf(trouble.getMessage());
      logOnce(why);
      Instant now = clock.instant();
      id().ifPresent(known -> listener.onEvent(new Event.ReadingFailed(known, why, now)));
      Instant since = failingSince.orElse(now);
      failingSince = Optional.of(since);
      listener.onReadingsFailing(this, Duration.between(since, now), why);
    }
    onFailure(trouble);
  }

  private static boolean isTransient(GpuException trouble) {
    return trouble.kind() == Kind.RETRY || trouble.kind() == Kind.REFUSED;
  }

  private void logOnce(String why) {
    if (!why.equals(lastLogged)) {
      lastLogged = why;
      LOG.log(Level.WARNING, why.startsWith(name()) ? why : name() + ": " + why);
    }
  }

  /** Drops the order when the card is away: the engine was told already. */
  void carryOut(Order order) {
    if (state == State.ANSWERING) {
      int mine = thread.generation();
      GpuOperations opened = operations.orElseThrow();
      thread.call(
          () -> writing(() -> opened.carryOut(order, () -> thread.requireCurrent(mine))),
          listener::onEvent,
          e -> onOrderFailed(opened, order, e),
          this::onOverdue);
    }
  }

  /** Asks for a change of the card; see {@link #call}. */
  <T> Future<T> change(Call<T> question) {
    return call((opened, guard) -> writing(() -> question.run(opened, guard)));
  }

  private <T> T writing(Write<T> change) throws GpuException {
    writing = true;
    try {
      return change.run();
    } finally {
      writing = false;
    }
  }

  /**
   * Asks the card something for somebody who waits; fails at once while it is away, and with what
   * the card says.
   */
  <T> Future<T> call(Call<T> question) {
    Promise<T> answer = Promise.promise();
    if (state != State.ANSWERING) {
      return Future.failedFuture(new GpuException(Kind.LOST, name() + " does not answer"));
    }
    int mine = thread.generation();
    GpuOperations opened = operations.orElseThrow();
    pending.add(answer);
    thread.call(
        () -> question.run(opened, () -> thread.requireCurrent(mine)),
        told -> {
          pending.remove(answer);
          answer.tryComplete(told);
        },
        trouble -> {
          pending.remove(answer);
          answer.tryFail(trouble);
          onFailure(trouble);
        },
        this::onOverdue);
    return answer.future();
  }

  /** A failure that is not only the asker's matter. */
  private void onFailure(GpuException trouble) {
    switch (trouble.kind()) {
      case RETRY, REFUSED -> {}
      case LOST -> markLost(String.valueOf(trouble.getMessage()));
      case REOPEN -> listener.onDriverGone(this, String.valueOf(trouble.getMessage()));
    }
  }

  private void onOrderFailed(GpuOperations opened, Order order, GpuException trouble) {
    if (trouble.kind() != Kind.LOST) {
      listener.onEvent(opened.failed(order, trouble.kind(), String.valueOf(trouble.getMessage())));
    }
    onFailure(trouble);
  }

  private void markLost(String why) {
    markAway(State.AWAY, why);
    openLater();
  }

  private void onOverdue() {
    markAway(State.HUNG, DriverCall.noAnswer(timing.callDeadline()));
    firstOpening.tryComplete();
    open();
  }

  /** A card that was never introduced is unknown to whoever hears of events. */
  private void markAway(State next, String why) {
    thread.cancelAll();
    failPending(why);
    reading = false;
    failingSince = Optional.empty();
    state = next;
    id().ifPresentOrElse(
            known ->
                listener.onEvent(
                    new Event.GpuLost(known, why, next == State.HUNG, clock.instant())),
            () -> logOnce(why));
  }

  /** Ends telemetry; completes when no call is under way any more, which a hung one prevents. */
  Future<Void> close() {
    vertx.cancelTimer(telemetryTimer);
    thread.cancelAll();
    failPending("it is being closed");
    state = State.CLOSED;
    firstOpening.tryComplete();
    return thread.close();
  }

  private void failPending(String why) {
    List<Promise<?>> waiting = List.copyOf(pending);
    pending.clear();
    waiting.forEach(promise -> promise.tryFail(new GpuException(Kind.LOST, name() + ": " + why)));
  }

  /** Such as {@code GPU 0 (GPU-6e8a...)}, or {@code GPU 0} while its UUID is unknown. */
  String name() {
    return "GPU " + index + id().map(known -> " (" + known + ")").orElse("");
  }
}
