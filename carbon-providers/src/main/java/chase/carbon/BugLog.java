package chase.carbon;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Keeps repeated work going in spite of bugs in it. Each bug is logged once, with its stack trace;
 * what it prevented is done at the next repetition.
 */
public final class BugLog {
  /** The maximum number of different bugs that are logged. */
  private static final int MOST = 20;

  private final Logger log;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /** A log of bugs that goes into {@code log}. */
  public BugLog(Logger log) {
    this.log = log;
  }

  /** The result of {@code work}; {@code otherwise} where it throws. */
  public <T> T guarded(String what, T otherwise, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException bug) {
      log(what, bug);
      return otherwise;
    }
  }

  /** Runs {@code work}; where it throws, the rest of it is left out. */
  public void guarded(String what, Runnable work) {
    guarded(
        what,
        false,
        () -> {
          work.run();
          return true;
        });
  }

  /** Logs a bug that was not logged before. */
  public void log(String what, Throwable bug) {
    if (seen.size() < MOST && seen.add(what + bug.getClass().getName() + bug.getMessage())) {
      log.log(Level.ERROR, what + " broke, which is a bug in Chase; it goes on", bug);
    }
  }
}
