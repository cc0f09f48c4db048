package chase.daemon.cli.live;

import chase.daemon.cli.view.LocalTimes;
import chase.daemon.cli.view.Terminal;
import chase.daemon.cli.view.TextLines;
import chase.daemon.text.Numbers;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Prints an answer again and again until Ctrl-C: in place on a terminal, as blocks with their time
 * in a pipe.
 */
public final class Watch {
  private static final String ESCAPE = "\u001b[";
  private static final String HOME = ESCAPE + "H";
  private static final String REST_OF_LINE = ESCAPE + "K";
  private static final String REST_OF_SCREEN = ESCAPE + "J";

  private final Terminal terminal;
  private final PrintWriter out;
  private final String title;
  private final Duration pause;
  private final boolean json;

  /**
   * One that is not running yet.
   *
   * @param title what is watched, as it was typed
   * @param json whether each answer is a line for a program
   */
  public Watch(Terminal terminal, PrintWriter out, String title, Duration pause, boolean json) {
    this.terminal = terminal;
    this.out = out;
    this.title = title;
    this.pause = pause;
    this.json = json;
  }

  /**
   * Prints what {@code answer} is, until nobody reads it any more.
   *
   * @param answer on a terminal as it is then; where it is empty nothing is printed
   */
  public void run(Function<Terminal, Optional<String>> answer) {
    show(terminal, answer.apply(terminal));
    while (!out.checkError() && waitForNext()) {
      Terminal now = terminal.interactive() ? TerminalSize.current(terminal) : terminal;
      show(now, answer.apply(now));
    }
  }

  private boolean waitForNext() {
    try {
      return !new CountDownLatch(1).await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void show(Terminal now, Optional<String> text) {
    text.ifPresent(known -> show(now, known));
  }

  private void show(Terminal now, String text) {
    LocalTimes times = new LocalTimes(now.clock().getZone(), now.clock().instant());
    String at = times.second(times.now());
    if (json) {
      out.println(text);
    } else if (now.interactive()) {
      redraw(now, at, text);
    } else {
      out.println(at + "\n" + text + "\n");
    }
    out.flush();
  }

  /** Overwrites the last one without clearing it first, which would flicker. */
  private void redraw(Terminal now, String at, String text) {
    String head =
        "every %s s: chase %s".formatted(Numbers.threeDigits(pause.toMillis() / 1000.0), title);
    StringBuilder screen = new StringBuilder(HOME);
    line(screen, head(head, at, now.width()));
    line(screen, "");
    List<String> lines = text.lines().toList();
    int room = Math.max(1, now.height() - 3);
    lines.stream().limit(room).forEach(one -> line(screen, one));
    if (lines.size() > room) {
      screen.append("…".repeat(now.unicode() ? 1 : 0));
    }
    out.print(screen.append(REST_OF_SCREEN));
  }

  private static String head(String head, String at, int width) {
    int room = width - at.length() - 1;
    String left = TextLines.cut(head, room, "..");
    return left + " ".repeat(Math.max(1, width - left.length() - at.length())) + at;
  }

  private static void line(StringBuilder screen, String line) {
    screen.append(line).append(REST_OF_LINE).append('\n');
  }
}
