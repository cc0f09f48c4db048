package chase.daemon.gpu;

import static java.util.concurrent.TimeUnit.DAYS;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The one thread of one GPU, and its calls in their order. Calls belong to a generation: after
 * {@link #cancelAll} the results of older ones are dropped, and those that have not begun are not
 * made. Used on one context.
 */
final class GpuThread {
  private static final Logger LOG = System.getLogger(GpuThread.class.getName());

  private final Vertx vertx;
  private final Duration deadline;
  private final Runnable answered;
  private final WorkerExecutor thread;

  private volatile boolean writing;

  /** Also read by the GPU's thread. */
  private final AtomicInteger generation = new AtomicInteger();

  /**
   * A thread that waits for its first call.
   *
   * @param name that no other thread had, because one that hung may still exist
   * @param answered runs whenever a call returned, well or not
   */
  GpuThread(Vertx vertx, String name, Duration deadline, Runnable answered) {
    this.vertx = vertx;
    this.deadline = deadline;
    this.answered = answered;
    // Vert.x would warn of a busy thread every second; the deadline is logged once.
    this.thread = vertx.createSharedWorkerExecutor(name, 1, GpuTiming.UNWATCHED_DAYS, DAYS);
  }

  /** The present generation of calls. */
  int generation() {
    return generation.get();
  }

  /** Cancels all calls of the present generation. */
  void cancelAll() {
    generation.incrementAndGet();
  }

  /**
   * Fails for a call of an older generation.
   *
   * @throws GpuException when the call was cancelled
   */
  void requireCurrent(int started) throws GpuException {
    if (started != generation.get()) {
      throw new GpuException(Kind.RETRY, "called off");
    }
  }

  /** The same call, as one that may change the GPU. */
  <T> Callable<T> writing(Callable<T> change) {
    return () -> {
      writing = true;
      try {
        return change.call();
      } finally {
        writing = false;
      }
    };
  }

  /** Whether a call that may change the GPU has not returned; any thread may read this. */
  boolean isWriting() {
    return writing;
  }

  /** Runs {@code action} after the deadline, unless all is cancelled by then. */
  void afterDeadline(Runnable action) {
    int started = generation.get();
    vertx.setTimer(
        deadline.toMillis(),
        tick -> {
          if (started == generation.get()) {
            action.run();
          }
        });
  }

  /** Completes when no call is pending any more, which a hung one prevents. */
  Future<Void> close() {
    return thread.executeBlocking(() -> true, false).eventually(thread::close).mapEmpty();
  }

  /** A call without a deadline. */
  <T> void call(Callable<T> work, Consumer<T> answer, Consumer<GpuException> failure) {
    begin(-1, work, answer, failure);
  }

  /** A call with a deadline. */
  <T> void call(
      Callable<T> work, Consumer<T> answer, Consumer<GpuException> failure, Runnable overdue) {
    int started = generation.get();
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            tick -> {
              if (started == generation.get()) {
                overdue.run();
              }
            });
    begin(timer, work, answer, failure);
  }

  private <T> void begin(
      long timer, Callable<T> work, Consumer<T> answer, Consumer<GpuException> failure) {
    int started = generation.get();
    Context here = vertx.getOrCreateContext();
    thread.executeBlocking(
        () -> {
          Future<T> result = run(started, work);
          // Sent from this thread, so that results arrive in the order of the calls. A handler of
          // the future would overtake them where a call ends before it is attached, and a reading
          // that arrives after a later write looks like an external limit.
          here.runOnContext(now -> onResult(started, timer, result, answer, failure));
          return true;
        },
        false);
  }

  private <T> Future<T> run(int started, Callable<T> work) {
    try {
      requireCurrent(started);
      return Future.succeededFuture(work.call());
    } catch (Throwable e) {
      return Future.failedFuture(e);
    }
  }

  private <T> void onResult(
      int started,
      long timer,
      Future<T> result,
      Consumer<T> answer,
      Consumer<GpuException> failure) {
    vertx.cancelTimer(timer);
    if (started == generation.get()) {
      answered.run();
      deliver(result, answer, failure);
    }
  }

  private static <T> void deliver(
      AsyncResult<T> result, Consumer<T> answer, Consumer<GpuException> failure) {
    if (result.succeeded()) {
      answer.accept(result.result());
    } else if (result.cause() instanceof GpuException known) {
      failure.accept(known);
    } else {
      LOG.log(Level.ERROR, "a GPU call broke", result.cause());
      failure.accept(new GpuException(Kind.RETRY, String.valueOf(result.cause())));
    }
  }

  /** Calls of others to a GPU that have not returned. Used on one context. */
  static final class PendingCalls {
    private final Set<Promise<?>> pending = new HashSet<>();

    /** One more; it is over when its promise is completed or failed. */
    <T> Promise<T> begin() {
      Promise<T> call = Promise.promise();
      pending.add(call);
      call.future().onComplete(done -> pending.remove(call));
      return call;
    }

    /** Fails all of them. */
    void failAll(GpuException why) {
      List.copyOf(pending).forEach(call -> call.tryFail(why));
    }
  }
}
