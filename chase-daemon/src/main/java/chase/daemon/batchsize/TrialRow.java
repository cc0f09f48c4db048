package chase.daemon.batchsize;

import chase.zeus.batchsize.Trial;
import java.time.Instant;

/**
 * A trial as it is kept.
 *
 * @param trial as it is known
 * @param host where it was asked for
 * @param startedAt when it was dispatched
 * @param changedAt when it last changed
 */
public record TrialRow(Trial trial, String host, Instant startedAt, Instant changedAt) {
  /** Whether it trains, as far as anybody knows, and has said nothing since {@code before}. */
  public boolean isSilentSince(Instant before) {
    return trial.isRunning() && changedAt.isBefore(before);
  }
}
