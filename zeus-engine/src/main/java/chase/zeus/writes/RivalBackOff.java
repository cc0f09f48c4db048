package chase.zeus.writes;

import java.time.Duration;
import java.time.Instant;

/**
 * How long Chase gives way to external processes that set one GPU's limit: twice as long each time
 * that its limit is overwritten, until it kept a limit for a quiet stretch.
 *
 * @param inARow how many times an external limit was found with no quiet stretch in between
 * @param until until when the GPU is left alone
 */
public record RivalBackOff(int inARow, Instant until) {
  /** No external process so far. */
  public static final RivalBackOff NONE = new RivalBackOff(0, Instant.MIN);

  /** Doubling more often than this would pass any sensible maximum. */
  private static final int MOST_DOUBLINGS = 20;

  /** The quiet stretch is as long as the last time of giving way, and so often the first. */
  private static final int QUIET_TIMES = 6;

  private static final Duration LEAST_QUIET = Duration.ofMinutes(1);

  /** Whatever is configured, two processes must not overwrite each other without an end. */
  private static final Duration LEAST_REPEATED = Duration.ofSeconds(5);

  /**
   * The same after an external limit was found at {@code at}.
   *
   * @param givingWay whether Chase left the GPU alone just then: another limit begins the same
   *     stretch again
   * @param first how long Chase gives way the first time
   * @param longest how long at most, unless {@code first} is longer
   */
  public RivalBackOff after(Instant at, boolean givingWay, Duration first, Duration longest) {
    int times = times(at, givingWay, first, longest);
    return new RivalBackOff(times, at.plus(wait(times, first, longest)));
  }

  private int times(Instant at, boolean givingWay, Duration first, Duration longest) {
    if (inARow == 0) {
      return 1;
    }
    if (givingWay) {
      return inARow;
    }
    return at.isBefore(until.plus(quiet(first, longest))) ? inARow + 1 : 1;
  }

  private Duration quiet(Duration first, Duration longest) {
    return longer(
        longer(wait(inARow, first, longest), first.multipliedBy(QUIET_TIMES)), LEAST_QUIET);
  }

  private static Duration wait(int times, Duration first, Duration longest) {
    if (times <= 1) {
      return first;
    }
    Duration doubled =
        longer(first, LEAST_REPEATED).multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS));
    Duration most = longer(longest, first);
    return doubled.compareTo(most) < 0 ? doubled : most;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
