package chase.daemon.gpu.journal;

import chase.zeus.unit.Watts;
import chase.zeus.writes.RaiseSlew;
import chase.zeus.writes.WriteBounds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How fast limits rise together that are restored side by side without the engine: at the start, by
 * {@code chase restore}, and as the driver is released. The same bound as everywhere, and as fast
 * as at a stop where that would take too long. Any thread may call.
 */
public final class RestorePace {
  /** Raises that are further apart belong to different restores. */
  private static final Duration APART = Duration.ofSeconds(5);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final LimitJournal limits;
  private final InstantSource clock;
  private volatile WriteBounds bounds = bounds(WriteBounds.DEFAULT_RAISE_WATTS_PER_SECOND);
  private volatile Duration longestWait = Duration.ofSeconds(3);
  private final ReentrantLock raising = new ReentrantLock();
  private RaiseSlew slew;
  private Instant lastRaise = Instant.MIN;

  RestorePace(LimitJournal limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.slew = new RaiseSlew(bounds, clock.instant());
  }

  private static WriteBounds bounds(double wattsPerSecond) {
    return new WriteBounds(
        wattsPerSecond, 1, WriteBounds.DEFAULT_PER_HOUR, WriteBounds.DEFAULT_LONGEST_HANDS_OFF);
  }

  /**
   * From now on these bounds count.
   *
   * @param longestWait after which a limit rises whatever the others do
   */
  public void bound(double wattsPerSecond, Duration longestWait) {
    this.bounds = bounds(wattsPerSecond);
    this.longestWait = longestWait;
  }

  /** Waits until a limit may rise from {@code shown} to {@code restored}. Blocks. */
  public void awaitTurn(Watts shown, Watts restored) {
    double watts = restored.value() - shown.value();
    if (watts <= 0) {
      return;
    }
    long looks = longestWait.dividedBy(BETWEEN_LOOKS);
    while (!isTurn(watts, looks <= 0)) {
      looks--;
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private boolean isTurn(double watts, boolean overdue) {
    raising.lock();
    try {
      return isTurn(watts, overdue, clock.instant());
    } finally {
      raising.unlock();
    }
  }

  private boolean isTurn(double watts, boolean overdue, Instant now) {
    if (lastRaise.isBefore(now.minus(APART))) {
      slew = new RaiseSlew(bounds, now);
      slew.stopping(wattsOnRecord());
      lastRaise = now;
    }
    boolean turn = overdue || slew.mayRaise(now);
    if (turn) {
      slew.raised(watts, now);
      lastRaise = now;
    }
    return turn;
  }

  private double wattsOnRecord() {
    return limits.entries().values().stream().mapToDouble(RestorePace::watts).sum();
  }

  private static double watts(LimitJournal.LimitEntry entry) {
    return entry.chaseLimits().stream()
        .mapToDouble(limit -> entry.original().value() - limit.value())
        .map(raise -> Math.max(0, raise))
        .max()
        .orElse(0);
  }
}
