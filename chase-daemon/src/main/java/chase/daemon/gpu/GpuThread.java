package chase.daemon.gpu;

import static java.util.concurrent.TimeUnit.DAYS;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The one thread of one GPU, and its calls in their order. What is under way when an era ends is
 * void: its answer is dropped, and what has not begun is not done. Used on one context.
 */
final class GpuThread {
  private static final Logger LOG = System.getLogger(GpuThread.class.getName());

  private final Vertx vertx;
  private final Duration deadline;
  private final Runnable answered;
  private final WorkerExecutor thread;

  /** Also read by the GPU's thread. */
  private final AtomicInteger generation = new AtomicInteger();

  /**
   * A thread that waits for its first call.
   *
   * @param name that no other thread had; one that hung may still be about
   * @param answered is told whenever a call came back, well or not
   */
  GpuThread(Vertx vertx, String name, Duration deadline, Runnable answered) {
    this.vertx = vertx;
    this.deadline = deadline;
    this.answered = answered;
    // Vert.x would warn of a busy thread every second; the deadline is said once.
    this.thread = vertx.createSharedWorkerExecutor(name, 1, GpuTiming.UNWATCHED_DAYS, DAYS);
  }

  /** The present era. */
  int generation() {
    return generation.get();
  }

  /** Everything under way becomes void. */
  void cancelAll() {
    generation.incrementAndGet();
  }

  /**
   * Objects to what belongs to another era.
   *
   * @throws GpuException when nobody wants the call any more
   */
  void requireCurrent(int mine) throws GpuException {
    if (mine != generation.get()) {
      throw new GpuException(Kind.RETRY, "called off");
    }
  }

  /** Does something after the deadline, unless the era has ended by then. */
  void afterDeadline(Runnable action) {
    int mine = generation.get();
    vertx.setTimer(
        deadline.toMillis(),
        tick -> {
          if (mine == generation.get()) {
            action.run();
          }
        });
  }

  /** Completes when no call is under way any more, which a hung one prevents. */
  Future<Void> close() {
    return thread.executeBlocking(() -> true, false).eventually(thread::close).mapEmpty();
  }

  /** A call that may take as long as it takes. */
  <T> void call(Callable<T> work, Consumer<T> answer, Consumer<GpuException> trouble) {
    begin(-1, work, answer, trouble);
  }

  /** A call with a deadline. */
  <T> void call(
      Callable<T> work, Consumer<T> answer, Consumer<GpuException> trouble, Runnable overdue) {
    int mine = generation.get();
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            tick -> {
              if (mine == generation.get()) {
                overdue.run();
              }
            });
    begin(timer, work, answer, trouble);
  }

  private <T> void begin(
      long timer, Callable<T> work, Consumer<T> answer, Consumer<GpuException> trouble) {
    int mine = generation.get();
    Context here = vertx.getOrCreateContext();
    thread.executeBlocking(
        () -> {
          Future<T> result = run(mine, work);
          // Sent from this thread, so that answers come in the order of the calls. A handler of the
          // future would overtake them where a call is done before it is attached, and a reading
          // that comes after a later write looks like somebody else's limit.
          here.runOnContext(now -> onResult(mine, timer, result, answer, trouble));
          return true;
        },
        false);
  }

  private <T> Future<T> run(int mine, Callable<T> work) {
    try {
      requireCurrent(mine);
      return Future.succeededFuture(work.call());
    } catch (Throwable e) {
      return Future.failedFuture(e);
    }
  }

  private <T> void onResult(
      int mine, long timer, Future<T> result, Consumer<T> answer, Consumer<GpuException> trouble) {
    vertx.cancelTimer(timer);
    if (mine == generation.get()) {
      answered.run();
      deliver(result, answer, trouble);
    }
  }

  private static <T> void deliver(
      AsyncResult<T> result, Consumer<T> answer, Consumer<GpuException> trouble) {
    if (result.succeeded()) {
      answer.accept(result.result());
    } else if (result.cause() instanceof GpuException known) {
      trouble.accept(known);
    } else {
      LOG.log(Level.ERROR, "a GPU call broke", result.cause());
      trouble.accept(new GpuException(Kind.RETRY, String.valueOf(result.cause())));
    }
  }
}
