package chase.daemon;

import java.util.Map;

/** How a log record becomes a line on standard error. */
final class LogLines {
  private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

  private LogLines() {}

  /**
   * Sets the form for the whole process; to be called before anything is logged. The journal of
   * systemd writes the time itself.
   */
  static void install(Map<String, String> environment) {
    String line = "%4$s: %5$s%6$s%n";
    boolean journal = environment.containsKey("JOURNAL_STREAM");
    System.setProperty(FORMAT, journal ? line : "%1$tFT%1$tT%1$tz " + line);
  }
}
