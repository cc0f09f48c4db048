package chase.carbon;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * The times that a value of the grid may carry. Two of them are so close that their distance fits
 * into a {@code long} of nanoseconds, and that a period or an age can be added to any of them: once
 * times are checked where they are read, no calculation with them overflows.
 */
public final class TimeBounds {
  /** Nothing is known of the grid before. */
  public static final Instant EARLIEST = Instant.EPOCH;

  /** Nothing is forecast of the grid after. */
  public static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private TimeBounds() {}

  /**
   * The time itself.
   *
   * @throws DateTimeException when it lies before {@link #EARLIEST} or after {@link #LATEST}
   */
  public static Instant checked(Instant time) {
    if (!contains(time)) {
      throw new DateTimeException("no time from 1970 to 2200: " + time);
    }
    return time;
  }

  /** Whether the time lies within the bounds. */
  public static boolean contains(Instant time) {
    return !time.isBefore(EARLIEST) && !time.isAfter(LATEST);
  }
}
