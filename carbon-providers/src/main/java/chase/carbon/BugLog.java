package chase.carbon;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Lets work that is repeated outlive a bug in it. A bug is logged whole the first time, and again
 * only when it is another; what it keeps from being done is done at the next repetition.
 */
public final class BugLog {
  /** More of them would be no news. */
  private static final int MOST = 20;

  private final Logger log;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /** A log of bugs that goes into {@code log}. */
  public BugLog(Logger log) {
    this.log = log;
  }

  /** What {@code work} brings; {@code otherwise} where it breaks. */
  public <T> T guarded(String what, T otherwise, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException bug) {
      log(what, bug);
      return otherwise;
    }
  }

  /** Does {@code work}, or as much of it as there is before it breaks. */
  public void guarded(String what, Runnable work) {
    guarded(
        what,
        false,
        () -> {
          work.run();
          return true;
        });
  }

  /** Logs a bug, where that is news. */
  public void log(String what, Throwable bug) {
    if (seen.size() < MOST && seen.add(what + bug.getClass().getName() + bug.getMessage())) {
      log.log(Level.ERROR, what + " broke, which is a bug in Chase; it goes on", bug);
    }
  }
}
