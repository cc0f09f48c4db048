package chase.daemon;

import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** How a log record becomes a line on standard error. */
final class Logging {
  private static final String FORMAT = "java.util.logging.SimpleFormatter.format";
  private static final String JOURNAL = "%4$s: %5$s%6$s%n";
  private static final String TERMINAL = "%1$tFT%1$tT%1$tz %4$s: %5$s%6$s%n";
  private static final String DEMO = "%1$tT  %5$s%6$s%n";

  private Logging() {}

  /**
   * Connections that clients close early, as the library below the servers logs them: of no use to
   * anyone, and a client can cause as many as it likes. Apart, so that no logger is there before
   * the form is set.
   */
  private static final class ClosedConnections {
    private static final Logger LOG =
        Logger.getLogger("io.netty.channel.AbstractChannelHandlerContext");
  }

  /**
   * Sets the form for the whole process; to be called before anything is logged. The journal of
   * systemd writes the time itself, and who watches the demo needs no date.
   */
  static void install(Map<String, String> environment, List<String> arguments) {
    System.setProperty("java.util.logging.manager", LogUntilExit.class.getName());
    System.setProperty(FORMAT, form(environment, arguments));
    ClosedConnections.LOG.setLevel(Level.SEVERE);
  }

  private static String form(Map<String, String> environment, List<String> arguments) {
    if (arguments.contains("demo")) {
      return DEMO;
    }
    return environment.containsKey("JOURNAL_STREAM") ? JOURNAL : TERMINAL;
  }

  /**
   * Logging that lasts until the process is gone. The runtime's own ends when a shutdown begins,
   * and what happens to the limits from then on must still be logged.
   */
  public static final class LogUntilExit extends LogManager {
    /** For the Java runtime, which makes it by name. */
    public LogUntilExit() {}

    /** Does nothing: the runtime calls it when a shutdown begins. */
    @Override
    public void reset() {}
  }
}
