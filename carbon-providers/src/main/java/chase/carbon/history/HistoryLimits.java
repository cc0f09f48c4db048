package chase.carbon.history;

import java.time.Duration;

/**
 * How much of the past is kept of each series.
 *
 * @param maxAge how long before its newest number the oldest may end
 * @param maxBytes how large its file may grow before its older half goes
 */
public record HistoryLimits(Duration maxAge, long maxBytes) {
  /** 400 days, so that the same day of last year is in it, and 8 MiB a series. */
  public static final HistoryLimits USUAL = new HistoryLimits(Duration.ofDays(400), 8L << 20);

  /** Refuses limits under a day and 64 KiB. */
  public HistoryLimits {
    if (maxAge.compareTo(Duration.ofDays(1)) < 0 || maxBytes < 64 << 10) {
      throw new IllegalArgumentException(
          "a history needs room for a day and 64 KiB at least: " + maxAge + ", " + maxBytes);
    }
  }
}
