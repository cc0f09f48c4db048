package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.TimedValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a long stretch of time page by page from an API that gives only so much at once.
 *
 * @param longest the longest stretch of one call
 * @param shortest a shorter rest at the end is not read
 */
public record TimePages(Duration longest, Duration shortest) {
  /**
   * Reads one page.
   *
   * @param <T> what a row holds
   */
  public interface PageReader<T> {
    /** The rows from {@code from} to {@code to}, ascending. */
    List<T> read(Instant from, Instant to) throws CarbonUnavailable, InterruptedException;
  }

  /** Pages of at most {@code longest}. */
  public static TimePages of(Duration longest) {
    return new TimePages(longest, Duration.ZERO);
  }

  /**
   * All rows from {@code from} to {@code to}, ascending; a row that two pages hold is kept once.
   *
   * @throws CarbonUnavailable when a page cannot be had
   */
  public <T extends TimedValue> List<T> read(Instant from, Instant to, PageReader<T> page)
      throws CarbonUnavailable, InterruptedException {
    List<T> rows = new ArrayList<>();
    for (Instant start = from; isLeft(start, to); start = start.plus(longest)) {
      Instant full = start.plus(longest);
      for (T row : page.read(start, full.isBefore(to) ? full : to)) {
        if (rows.isEmpty() || rows.getLast().validFrom().isBefore(row.validFrom())) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private boolean isLeft(Instant start, Instant to) {
    return start.isBefore(to) && !start.plus(shortest).isAfter(to);
  }
}
