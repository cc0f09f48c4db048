package chase.daemon.cli.simulate;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that appears when work takes longer than a second; any thread may report. */
final class ProgressLine implements AutoCloseable {
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final int INTERVAL_MILLIS = 200;
  private static final int WIDTH = 72;

  private final Optional<ProgressBar> bar;

  private ProgressLine(Optional<ProgressBar> bar) {
    this.bar = bar;
  }

  /**
   * A bar for {@code total} steps.
   *
   * @param visible whether it is shown on a terminal; nothing is written otherwise
   */
  static ProgressLine start(PrintWriter err, boolean visible, InstantSource clock, int total) {
    return new ProgressLine(visible ? Optional.of(begin(err, clock, total)) : Optional.empty());
  }

  private static ProgressBar begin(PrintWriter err, InstantSource clock, int total) {
    return new ProgressBarBuilder()
        .setTaskName("replaying")
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(INTERVAL_MILLIS)
        .setConsumer(new TerminalLine(err, clock, clock.instant().plus(DELAY)))
        .clearDisplayOnFinish()
        .build();
  }

  /** One step more is done. */
  void step() {
    bar.ifPresent(ProgressBar::step);
  }

  /** Takes the bar off the screen. */
  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }

  /** One line of a terminal that stays empty until {@code from}. */
  private record TerminalLine(PrintWriter err, InstantSource clock, Instant from)
      implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return WIDTH;
    }

    @Override
    public void accept(String text) {
      if (!clock.instant().isBefore(from)) {
        err.print("\r" + text);
        err.flush();
      }
    }

    @Override
    public void close() {
      err.flush();
    }
  }
}
