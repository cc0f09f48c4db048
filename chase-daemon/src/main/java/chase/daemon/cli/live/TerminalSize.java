package chase.daemon.cli.live;

import chase.daemon.cli.view.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The size of the terminal now, which its user may have changed. */
final class TerminalSize {
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4}) ([1-9]\\d{0,4})\\s*");
  private static final int SECONDS = 2;

  private TerminalSize() {}

  /** {@code before} in its size of now; as it was where that cannot be found out. */
  static Terminal current(Terminal before) {
    try {
      Process stty = new ProcessBuilder("stty", "-F", "/dev/tty", "size").start();
      boolean ended = stty.waitFor(SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        stty.destroyForcibly();
        return before;
      }
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      Matcher size = SIZE.matcher(answer);
      return size.matches()
          ? before.sized(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)))
          : before;
    } catch (IOException e) {
      return before;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return before;
    }
  }
}
