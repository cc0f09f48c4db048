package chase.daemon;

import chase.daemon.cli.view.Terminal;
import chase.daemon.text.WordWrap;
import java.io.PrintWriter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the demo prints: its own lines and the daemon's log, as wide as the terminal. */
final class DemoScreen {
  /** Of the time and the two spaces at the beginning of a line of the log. */
  private static final int TIME_WIDTH = 10;

  private final PrintWriter out;
  private final int width;
  private final Runnable onGone;

  /**
   * A screen without lines.
   *
   * @param terminal how wide it may be
   * @param onGone called when nobody reads any more, as after {@code chase demo | head}
   */
  DemoScreen(PrintWriter out, Terminal terminal, Runnable onGone) {
    this.out = out;
    this.onGone = onGone;
    this.width = Math.min(terminal.width(), Terminal.WIDTH);
  }

  /** Prints a line; one that is too long goes on below, {@code indent} further right. */
  void print(String line, int indent) {
    out.println(WordWrap.wrap(line, width, Math.min(indent, width / 3)));
    if (out.checkError()) {
      onGone.run();
    }
  }

  /** Prints a command to copy, which is never broken. */
  void printCommand(String command) {
    out.println("    " + command);
  }

  /** Prints a line. */
  void print(String line) {
    print(line, 0);
  }

  /** Prints the log from now on, instead of where it went. */
  void showLog() {
    Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new LogLines());
  }

  /** The log, each line with its time. */
  private final class LogLines extends Handler {
    private final Formatter form = new Logging.LogLine();

    @Override
    public void publish(LogRecord event) {
      if (isLoggable(event)) {
        form.format(event).lines().forEach(line -> print(line, TIME_WIDTH));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
