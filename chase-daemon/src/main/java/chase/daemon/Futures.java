package chase.daemon;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits for the event loop from a thread outside it, never without an end. */
final class Futures {
  private static final Logger LOG = System.getLogger(Futures.class.getName());

  private Futures() {}

  /**
   * The future's result, within {@code atMost}.
   *
   * @throws IllegalStateException with the failure's one line
   */
  static <T> T await(Future<T> future, Duration atMost) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(atMost.toMillis(), MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no end within " + atMost.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IllegalStateException(String.valueOf(cause == null ? e : cause.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Whether what {@code end} begins succeeded within {@code atMost}; if not, one line in the log
   * says why.
   */
  static boolean awaitOrLog(Supplier<Future<?>> end, Duration atMost) {
    try {
      await(end.get(), atMost);
      return true;
    } catch (IllegalStateException | LinkageError e) {
      // A class that cannot be loaded: the program was replaced under the running daemon.
      LOG.log(
          Level.WARNING,
          "while stopping: " + (e instanceof IllegalStateException ? e.getMessage() : e));
      return false;
    }
  }
}
