package chase.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/** A bar for work of more than a second; any thread may report. */
final class ProgressBar {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int WIDTH = 40;
  private static final int NOTHING = -1;

  private final PrintWriter err;
  private final boolean visible;
  private final InstantSource clock;
  private final Instant start;
  private final int total;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger shown = new AtomicInteger(NOTHING);

  /**
   * A bar for {@code total} steps.
   *
   * @param visible whether anybody looks
   */
  ProgressBar(PrintWriter err, boolean visible, InstantSource clock, int total) {
    this.err = err;
    this.visible = visible;
    this.clock = clock;
    this.start = clock.instant();
    this.total = total;
  }

  /** Whether standard error is a terminal, as Linux tells it. */
  static boolean isTerminal() {
    try {
      Path device = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
      return device.startsWith("/dev/pts") || device.toString().startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException notLinux) {
      return false;
    }
  }

  void step() {
    int percent = Math.min(100, (int) (100L * done.incrementAndGet() / total));
    int before = shown.get();
    boolean draw =
        visible
            && percent > before
            && start.plus(PATIENCE).isBefore(clock.instant())
            && shown.compareAndSet(before, percent);
    if (draw) {
      int filled = WIDTH * percent / 100;
      err.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + percent + " %");
      err.flush();
    }
  }

  /** Takes the bar off the screen. */
  void clear() {
    if (shown.get() != NOTHING) {
      err.print("\r" + " ".repeat(WIDTH + 9) + "\r");
      err.flush();
    }
  }
}
