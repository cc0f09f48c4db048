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
 * The one owner of one GPU: all of its calls, including those that open it, run on one thread of
 * its own. A GPU that cannot be opened is retried. A call that does not return in time makes the
 * GPU lost until it does return; its result is dropped then, the original limit is restored, and
 * the GPU counts as opened anew. Used on one context.
 */
final class GpuWorker {
  private static final Logger LOG = System.getLogger(GpuWorker.class.getName());

  private enum WorkerState {
    /** Not opened yet, or lost and opened again later. */
    AWAY,
    /** All is well. */
    ANSWERING,
    /** The last call has not returned. */
    HUNG,
    /** Finished. */
    CLOSED
  }

  /** A call to a GPU; it runs on the GPU's thread. */
  interface Call<T> {
    T run(GpuOperations opened, GpuOperations.Guard guard) throws GpuException;
  }

  private interface Write<T> {
    T run() throws GpuException;
  }

  /** Receives what happens to a worker's GPU. */
  interface Listener {
    /** Something happened. */
    void onEvent(Event event);

    /** A call returned, well or not. */
    void onAnswer();

    /** A reading was taken. */
    void onReading(GpuWorker worker);

    /** A reading failed transiently, as every one did for {@code failing}. */
    void onReadingsFailing(GpuWorker worker, Duration failing, String why);

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

  /** Calls beside telemetry and orders that have not returned. */
  private final Set<Promise<?>> pending = new HashSet<>();

  /** Whether a call that may change the GPU is pending; set by the GPU's thread. */
  private volatile boolean writing;

  /** Those since the GPU was last opened. */
  private volatile Optional<GpuOperations> operations = Optional.empty();

  private WorkerState state = WorkerState.AWAY;
  private boolean reading;
  private String lastLogged = "";

  /** When the readings began to fail without a success since. */
  private Optional<Instant> failingSince = Optional.empty();

  private long telemetryTimer = -1;

  /** A worker whose thread has a name that no other had, because one that hung may still exist. */
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

  /** Its index in the driver's list. */
  int index() {
    return index;
  }

  /** Which GPU it is, once it was opened. */
  Optional<GpuId> id() {
    return operations.map(known -> known.gpu().traits().id());
  }

  /** Completes when the GPU was opened, or took too long. */
  Future<Void> start() {
    open();
    readEvery(timing.telemetryPeriod());
    return firstOpening.future();
  }

  /** Reads the GPU as often as that from now on. */
  void readEvery(Duration period) {
    vertx.cancelTimer(telemetryTimer);
    telemetryTimer = vertx.setPeriodic(period.toMillis(), tick -> read());
  }

  /** Whether the GPU answers calls. */
  boolean isAnswering() {
    return state == WorkerState.ANSWERING;
  }

  /** Whether the GPU answers, and its readings succeed. */
  boolean isReading() {
    return isAnswering() && failingSince.isEmpty();
  }

  /** Whether the GPU was never opened so far, and the start still waits for it. */
  boolean isAwaited() {
    return !firstOpening.future().isComplete();
  }

  /** The GPU if a write to it has not returned; any thread may read this. */
  Optional<GpuId> hungWrite() {
    return writing ? id() : Optional.empty();
  }

  private void open() {
    if (state == WorkerState.HUNG) {
      thread.call(opening::open, this::onOpened, this::onOpeningFailed);
    } else {
      thread.call(opening::open, this::onOpened, this::onOpeningFailed, this::onOverdue);
    }
  }

  private void onOpened(GpuOpening.Opened opened) {
    operations = Optional.of(opened.operations());
    state = WorkerState.ANSWERING;
    lastLogged = "";
    listener.onEvent(opened.event());
    firstOpening.tryComplete();
  }

  private void onOpeningFailed(GpuException failure) {
    if (state != WorkerState.HUNG) {
      logOnce(String.valueOf(failure.getMessage()));
    }
    state = WorkerState.AWAY;
    firstOpening.tryComplete();
    if (failure.kind() == Kind.REOPEN) {
      listener.onDriverGone(this, String.valueOf(failure.getMessage()));
    } else {
      openLater();
    }
  }

  /** Opens this GPU again without the driver, whose failure it seemed to be. */
  void reopenAlone(String why) {
    if (state == WorkerState.ANSWERING) {
      markLost(why);
    } else {
      openLater();
    }
  }

  private void openLater() {
    thread.afterDeadline(this::open);
  }

  /** A reading is left out while the last one is pending, so that nothing piles up. */
  private void read() {
    if (state == WorkerState.ANSWERING && !reading) {
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

  private void onReadFailed(GpuException failure) {
    reading = false;
    if (failure.kind() == Kind.RETRY || failure.kind() == Kind.REFUSED) {
      String why = String.valueOf(failure.getMessage());
      logOnce(why);
      Instant now = clock.instant();
      id().ifPresent(known -> listener.onEvent(new Event.ReadingFailed(known, why, now)));
      Instant since = failingSince.orElse(now);
      failingSince = Optional.of(since);
      listener.onReadingsFailing(this, Duration.between(since, now), why);
    }
    onFailure(failure);
  }

  private void logOnce(String why) {
    if (!why.equals(lastLogged)) {
      lastLogged = why;
      LOG.log(Level.WARNING, why.startsWith(name()) ? why : name() + ": " + why);
    }
  }

  /** Drops the order when the GPU is away: the engine was notified already. */
  void carryOut(Order order) {
    if (state == WorkerState.ANSWERING) {
      int started = thread.generation();
      GpuOperations opened = operations.orElseThrow();
      thread.call(
          () -> writing(() -> opened.carryOut(order, () -> thread.requireCurrent(started))),
          listener::onEvent,
          e -> onOrderFailed(opened, order, e),
          this::onOverdue);
    }
  }

  /** A call that changes the GPU; see {@link #call}. */
  <T> Future<T> change(Call<T> call) {
    return call((opened, guard) -> writing(() -> call.run(opened, guard)));
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
   * Calls the GPU and returns the result; fails at once while it is away, and with the GPU's own
   * failure.
   */
  <T> Future<T> call(Call<T> call) {
    Promise<T> answer = Promise.promise();
    if (state != WorkerState.ANSWERING) {
      return Future.failedFuture(new GpuException(Kind.LOST, name() + " does not answer"));
    }
    int started = thread.generation();
    GpuOperations opened = operations.orElseThrow();
    pending.add(answer);
    thread.call(
        () -> call.run(opened, () -> thread.requireCurrent(started)),
        result -> {
          pending.remove(answer);
          answer.tryComplete(result);
        },
        failure -> {
          pending.remove(answer);
          answer.tryFail(failure);
          onFailure(failure);
        },
        this::onOverdue);
    return answer.future();
  }

  /** A failure that does not concern its caller alone. */
  private void onFailure(GpuException failure) {
    switch (failure.kind()) {
      case RETRY, REFUSED -> {}
      case LOST -> markLost(String.valueOf(failure.getMessage()));
      case REOPEN -> listener.onDriverGone(this, String.valueOf(failure.getMessage()));
    }
  }

  private void onOrderFailed(GpuOperations opened, Order order, GpuException failure) {
    if (failure.kind() != Kind.LOST) {
      listener.onEvent(opened.failed(order, failure.kind(), String.valueOf(failure.getMessage())));
    }
    onFailure(failure);
  }

  private void markLost(String why) {
    markAway(WorkerState.AWAY, why);
    openLater();
  }

  private void onOverdue() {
    markAway(WorkerState.HUNG, DriverCall.noAnswer(timing.callDeadline()));
    firstOpening.tryComplete();
    open();
  }

  /** A GPU that was never opened is unknown to the receivers of events. */
  private void markAway(WorkerState next, String why) {
    thread.cancelAll();
    failPending(why);
    reading = false;
    failingSince = Optional.empty();
    state = next;
    id().ifPresentOrElse(
            known ->
                listener.onEvent(
                    new Event.GpuLost(known, why, next == WorkerState.HUNG, clock.instant())),
            () -> logOnce(why));
  }

  /** Ends telemetry; completes when no call is pending any more, which a hung one prevents. */
  Future<Void> close() {
    vertx.cancelTimer(telemetryTimer);
    thread.cancelAll();
    failPending("it is being closed");
    state = WorkerState.CLOSED;
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
