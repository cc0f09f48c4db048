package chase.daemon;

import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;

/** How a log record becomes a line on standard error, until the very end of the process. */
public final class LogLines extends LogManager {
  private static final String FORMAT = "java.util.logging.SimpleFormatter.format";
  private static final String JOURNAL = "%4$s: %5$s%6$s%n";
  private static final String TERMINAL = "%1$tFT%1$tT%1$tz %4$s: %5$s%6$s%n";
  private static final String DEMO = "%1$tT  %5$s%6$s%n";

  /** For the Java runtime, which makes it by name. */
  public LogLines() {}

  /**
   * Sets the form for the whole process; to be called before anything is logged. The journal of
   * systemd writes the time itself, and who watches the demo needs no date.
   */
  static void install(Map<String, String> environment, List<String> arguments) {
    System.setProperty("java.util.logging.manager", LogLines.class.getName());
    System.setProperty(FORMAT, form(environment, arguments));
  }

  private static String form(Map<String, String> environment, List<String> arguments) {
    if (arguments.contains("demo")) {
      return DEMO;
    }
    return environment.containsKey("JOURNAL_STREAM") ? JOURNAL : TERMINAL;
  }

  /**
   * Does nothing: the runtime calls it when a shutdown begins, and what happens to the limits from
   * then on must still be told.
   */
  @Override
  public void reset() {}
}
