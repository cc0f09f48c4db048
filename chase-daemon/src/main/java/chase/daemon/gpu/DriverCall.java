package chase.daemon.gpu;

import chase.daemon.text.Durations;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Calls to a driver on a thread of their own, so that a driver that hangs blocks no other thread.
 * The thread is a daemon: it does not keep the process alive.
 *
 * @param <T> the result of the calls
 */
public final class DriverCall<T> {
  private final CompletableFuture<T> result = new CompletableFuture<>();

  private DriverCall() {}

  /** Begins {@code work} on a thread called {@code name}. */
  public static <T> DriverCall<T> start(String name, Callable<T> work) {
    DriverCall<T> call = new DriverCall<>();
    Thread.ofPlatform().daemon().name(name).start(() -> call.run(work));
    return call;
  }

  private void run(Callable<T> work) {
    try {
      result.complete(work.call());
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  /** Completes when the calls are over, well or not. */
  CompletableFuture<T> result() {
    return result;
  }

  /**
   * The result of the calls.
   *
   * @throws GpuException of the driver, or of kind LOST when there is no answer in time; the thread
   *     goes on then
   */
  public T await(Duration deadline) throws GpuException {
    Retries.await(result, deadline);
    return resultAfter(deadline);
  }

  /** Waits until all of {@code calls} are over, and no longer than {@code deadline} in all. */
  public static <T> void awaitAll(List<DriverCall<T>> calls, Duration deadline) {
    Retries.await(
        CompletableFuture.allOf(
            calls.stream().map(DriverCall::result).toArray(CompletableFuture[]::new)),
        deadline);
  }

  /**
   * The result that the calls have by now, which is {@code waited} after they began.
   *
   * @throws GpuException see {@link #await}
   */
  public T resultAfter(Duration waited) throws GpuException {
    if (!result.isDone()) {
      throw new GpuException(Kind.LOST, noAnswer(waited));
    }
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof GpuException known
          ? known
          : new GpuException(Kind.RETRY, String.valueOf(e.getCause()));
    }
  }

  /** Passes a result to {@code late} that comes after the caller stopped waiting. */
  public void onLateResult(Consumer<T> late) {
    var _ = result.thenAccept(late);
  }

  static String noAnswer(Duration deadline) {
    return "no answer within " + GpuTiming.text(deadline);
  }

  /** The growing pauses between tries, until a deadline. For one thread. */
  static final class Retries {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

    private final CompletableFuture<?> over;
    private Duration pause = FIRST_PAUSE;

    /** Tries until {@code over} completes. */
    Retries(CompletableFuture<?> over) {
      this.over = over;
    }

    /** Waits before the next try; false when there is no time for one. */
    boolean waitForRetry() {
      await(over, pause);
      pause = Durations.shorter(pause.multipliedBy(2), MAX_PAUSE);
      return !over.isDone();
    }

    /** Waits for {@code end}, however it ends, and no longer than {@code deadline}. */
    static void await(CompletableFuture<?> end, Duration deadline) {
      end.handle((result, failure) -> true)
          .completeOnTimeout(false, deadline.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    }
  }
}
