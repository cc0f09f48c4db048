package chase.daemon;

import chase.daemon.host.JournalStream;
import chase.daemon.text.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** How a log record becomes a line on standard error. */
final class Logging {
  private static final String MANAGER = "java.util.logging.manager";
  private static final String SETTINGS = "java.util.logging.config.class";
  private static final String FORM = "chase.log.form";

  private Logging() {}

  /** What a line begins with. */
  enum Form {
    /** The line's priority (sd-daemon(3)); the journal writes the time itself. */
    JOURNAL,
    /** The time and the level. */
    TERMINAL,
    /** The time of day: who watches the demo needs no more. */
    DEMO
  }

  /** Those of Chase. Kept here, since a logger that nobody keeps forgets its level. */
  private static final class OwnLines {
    private static final Logger LOG = Logger.getLogger("chase");
  }

  /** Sets the form for the whole process; to be called before anything is logged. */
  static void install(Map<String, String> environment, List<String> arguments) {
    System.setProperty(MANAGER, LogUntilExit.class.getName());
    System.setProperty(SETTINGS, LogSettings.class.getName());
    System.setProperty(FORM, form(environment, arguments).name());
  }

  private static Form form(Map<String, String> environment, List<String> arguments) {
    if (arguments.contains("demo")) {
      return Form.DEMO;
    }
    return JournalStream.isStandardError(environment) ? Form.JOURNAL : Form.TERMINAL;
  }

  /** From now on only lines of this level and above are written. */
  static void setLevel(LogLevel level) {
    Level least =
        switch (level) {
          case DEBUG -> Level.FINE;
          case INFO -> Level.INFO;
          case WARNING -> Level.WARNING;
          case ERROR -> Level.SEVERE;
        };
    OwnLines.LOG.setLevel(least);
    // What libraries say in detail hides what Chase says.
    Logger.getLogger("").setLevel(level == LogLevel.DEBUG ? Level.INFO : least);
  }

  /**
   * What a line of this level that is not logged begins with, such as the last of a failed start.
   */
  static String prefix(LogLevel level) {
    boolean journal = Form.JOURNAL.name().equals(System.getProperty(FORM));
    return journal ? "<" + priority(level) + ">" : "";
  }

  /** One record as one line, or several where it has a stack trace. */
  static String line(Form form, LogRecord entry, String message) {
    String text = message + Optional.ofNullable(entry.getThrown()).map(Logging::trace).orElse("");
    return switch (form) {
      case JOURNAL ->
          text.lines()
              .map(line -> "<" + priority(level(entry.getLevel())) + ">" + line + "\n")
              .collect(Collectors.joining());
      case TERMINAL -> LogLine.TIME.format(entry.getInstant()) + word(entry) + ": " + text + "\n";
      case DEMO -> LogLine.TIME_OF_DAY.format(entry.getInstant()) + "  " + text + "\n";
    };
  }

  private static String word(LogRecord entry) {
    return " " + level(entry.getLevel()).name().toLowerCase(Locale.ROOT);
  }

  private static LogLevel level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return LogLevel.ERROR;
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return LogLevel.WARNING;
    }
    return level.intValue() >= Level.CONFIG.intValue() ? LogLevel.INFO : LogLevel.DEBUG;
  }

  /** As syslog(3) counts them. */
  private static int priority(LogLevel level) {
    return switch (level) {
      case ERROR -> 3;
      case WARNING -> 4;
      case INFO -> 6;
      case DEBUG -> 7;
    };
  }

  private static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return "\n" + trace.toString().stripTrailing();
  }

  /** For the Java runtime, which makes it by name when something is logged first. */
  public static final class LogSettings {
    /**
     * Reads the settings. {@code AbstractChannelHandlerContext} logs connections that clients close
     * early: of no use to anyone, and a client can cause as many as it likes.
     */
    public LogSettings() throws IOException {
      String console = ConsoleHandler.class.getName();
      String text =
          """
          handlers=%s
          %s.level=ALL
          %s.formatter=%s
          .level=INFO
          io.netty.channel.AbstractChannelHandlerContext.level=SEVERE
          """
              .formatted(console, console, console, LogLine.class.getName());
      LogManager.getLogManager()
          .readConfiguration(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** For the Java runtime, which makes it by name. */
  public static final class LogLine extends Formatter {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT)
            .withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter TIME_OF_DAY =
        DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final Form form = Form.valueOf(System.getProperty(FORM, Form.TERMINAL.name()));

    /** The form that was installed. */
    public LogLine() {}

    @Override
    public String format(LogRecord entry) {
      return line(form, entry, formatMessage(entry));
    }
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
