package chase.daemon;

import java.util.logging.LogManager;

/**
 * Logging that lasts until the process is gone. The runtime's own ends when a shutdown begins, and
 * what becomes of the limits from then on must still be told.
 */
public final class LastingLog extends LogManager {
  /** For the Java runtime, which makes it by name. */
  public LastingLog() {}

  /** Does nothing: the runtime calls it when a shutdown begins. */
  @Override
  public void reset() {}
}
