package chase.daemon.gpu;

import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView.GpuContact.ContactState;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

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

  private final GpuOpening opening;
  private final GpuTiming timing;
  private final InstantSource clock;
  private final Listener listener;
  private final GpuThread thread;
  private final Promise<Void> firstOpening = Promise.promise();

  /** Those beside telemetry and orders. */
  private final GpuThread.PendingCalls calls = new GpuThread.PendingCalls();

  /** Those since the GPU was last opened. */
  private volatile Optional<GpuOperations> operations = Optional.empty();

  private WorkerState state = WorkerState.AWAY;
  private boolean reading;
  private volatile String lastLogged = "";

  /** When the readings began to fail without a success since. */
  private Optional<Instant> failingSince = Optional.empty();

  /** A worker whose thread has a name that no other had, because one that hung may still exist. */
  GpuWorker(
      Vertx vertx,
      GpuOpening opening,
      GpuTiming timing,
      InstantSource clock,
      String threadName,
      Listener listener) {
    this.opening = opening;
    this.timing = timing;
    this.clock = clock;
    this.listener = listener;
    this.thread = new GpuThread(vertx, threadName, timing.callDeadline(), listener::onAnswer);
  }

  /** Its index in the driver's list. */
  int index() {
    return opening.index();
  }

  /** Which GPU it is, once it was opened. */
  Optional<GpuId> id() {
    return operations.map(known -> known.gpu().traits().id());
  }

  /** Why it was not opened so far, with its name; empty once it was. Any thread may read this. */
  Optional<String> whyUnopened() {
    return Optional.of(lastLogged).filter(why -> operations.isEmpty() && !why.isEmpty());
  }

  /** Completes when the GPU was opened, or took too long. */
  Future<Void> start() {
    open();
    return firstOpening.future();
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
    return thread.isWriting() ? id() : Optional.empty();
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

  /** Reads the GPU, unless the last reading is pending, so that nothing piles up. */
  void read() {
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
    if (failure.isTransient()) {
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
    String line = why.startsWith(name()) ? why : name() + ": " + why;
    if (!line.equals(lastLogged)) {
      lastLogged = line;
      LOG.log(Level.WARNING, line);
    }
  }

  /** Drops the order when the GPU is away: the engine was notified already. */
  void carryOut(Order order) {
    if (state == WorkerState.ANSWERING) {
      int started = thread.generation();
      GpuOperations opened = operations.orElseThrow();
      thread.call(
          thread.writing(() -> opened.carryOut(order, () -> thread.requireCurrent(started))),
          listener::onEvent,
          e -> onOrderFailed(opened, order, e),
          this::onOverdue);
    }
  }

  /** A call that changes the GPU; see {@link #call}. */
  <T> Future<T> change(Call<T> call) {
    return call(call, thread::writing);
  }

  /**
   * Calls the GPU and returns the result; fails at once while it is away, and with the GPU's own
   * failure.
   */
  <T> Future<T> call(Call<T> call) {
    return call(call, work -> work);
  }

  private <T> Future<T> call(Call<T> call, UnaryOperator<Callable<T>> mark) {
    if (state != WorkerState.ANSWERING) {
      return Future.failedFuture(new GpuException(Kind.LOST, name() + " does not answer"));
    }
    int started = thread.generation();
    GpuOperations opened = operations.orElseThrow();
    Promise<T> answer = calls.begin();
    thread.call(
        mark.apply(() -> call.run(opened, () -> thread.requireCurrent(started))),
        answer::tryComplete,
        failure -> {
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
    ContactState how = next == WorkerState.HUNG ? ContactState.HUNG : ContactState.LOST;
    thread.cancelAll();
    calls.failAll(lost(why));
    reading = false;
    failingSince = Optional.empty();
    state = next;
    id().ifPresentOrElse(
            known -> listener.onEvent(new Event.GpuLost(known, why, how, clock.instant())),
            () -> logOnce(why));
  }

  /**
   * Restores what is on record of the GPU, and takes no call any more; {@link #close} it then.
   *
   * @return fails with {@link GpuException} when it is not restored, or does not answer
   */
  Future<Void> restore() {
    Promise<Void> restored = Promise.promise();
    boolean answering = state == WorkerState.ANSWERING;
    retire();
    if (answering) {
      thread.call(
          thread.writing(operations.orElseThrow()::restore),
          done -> restored.tryComplete(),
          restored::tryFail,
          () -> restored.tryFail(lost(DriverCall.noAnswer(timing.callDeadline()))));
    } else {
      restored.fail(lost("it does not answer; what is on record of it stays there"));
    }
    return restored.future();
  }

  private GpuException lost(String why) {
    return new GpuException(Kind.LOST, name() + ": " + why);
  }

  private void retire() {
    thread.cancelAll();
    calls.failAll(lost("it is being closed"));
    state = WorkerState.CLOSED;
    firstOpening.tryComplete();
  }

  /**
   * Takes no call any more; completes when no call is pending any more, which a hung one prevents.
   */
  Future<Void> close() {
    retire();
    return thread.close();
  }

  /** Such as {@code GPU 0 (GPU-6e8a...)}, or {@code GPU 0} while its UUID is unknown. */
  String name() {
    return "GPU " + index() + id().map(known -> " (" + known + ")").orElse("");
  }
}
