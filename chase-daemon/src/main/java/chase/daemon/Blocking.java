package chase.daemon;

import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for the event loop from a thread outside it, never without an end. */
final class Blocking {
  private static final Logger LOG = System.getLogger(Blocking.class.getName());

  private Blocking() {}

  /**
   * The future's result, within {@code atMost}.
   *
   * @throws StartupException with the failure's one line
   */
  static <T> T await(Future<T> future, Duration atMost) throws StartupException {
    try {
      return future.timeout(atMost.toMillis(), TimeUnit.MILLISECONDS).await();
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new StartupException(String.valueOf(failure.getMessage()));
    }
  }

  /** Whether the future succeeded within {@code atMost}; if not, one line in the log says why. */
  static boolean quietly(Future<?> end, Duration atMost) {
    try {
      await(end, atMost);
      return true;
    } catch (StartupException | RuntimeException e) {
      LOG.log(Level.WARNING, "while stopping: " + e.getMessage());
      return false;
    }
  }
}
