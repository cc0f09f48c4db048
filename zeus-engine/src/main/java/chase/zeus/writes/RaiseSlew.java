package chase.zeus.writes;

import java.time.Duration;
import java.time.Instant;

/**
 * How fast the limits of a host's GPUs may rise together, so that no breaker sees all of them rise
 * at once when the grid turns clean. In any stretch of {@code s} seconds they rise by the bound
 * times {@code s + 1} at most, and by one GPU's raise: at the default rate a lone GPU is never kept
 * waiting. Used on one thread.
 */
public final class RaiseSlew {
  /** What was not used accumulates for this long. */
  private static final double DEPTH_SECONDS = 1;

  /** However much there is to raise when Chase stops, it takes about as long as this. */
  private static final Duration STOP = Duration.ofSeconds(2);

  private double wattsPerSecond;

  /** The watts that may rise now; below zero while a raise is being paid off. */
  private double credit;

  private Instant countedAt;

  /** Nothing raised yet. */
  public RaiseSlew(WriteBounds bounds, Instant start) {
    this.wattsPerSecond = bounds.raiseWattsPerSecond();
    this.credit = wattsPerSecond * DEPTH_SECONDS;
    this.countedAt = start;
  }

  /** From now on these bounds count. */
  public void apply(WriteBounds changed) {
    wattsPerSecond = changed.raiseWattsPerSecond();
    double most = wattsPerSecond * DEPTH_SECONDS;
    credit = Double.isInfinite(most) ? most : Math.min(credit, most);
  }

  /** Whether a limit may rise at {@code at}, by however much. */
  public boolean mayRaise(Instant at) {
    count(at);
    return credit > 0;
  }

  /** A limit rises by {@code watts}. */
  public void raised(double watts, Instant at) {
    count(at);
    if (!Double.isInfinite(wattsPerSecond)) {
      credit -= watts;
    }
  }

  /**
   * Chase stops and has {@code watts} to raise in all: faster where the stop would take too long
   * otherwise.
   */
  public void stopping(double watts) {
    wattsPerSecond = Math.max(wattsPerSecond, watts / (STOP.toNanos() / 1e9));
  }

  /** A clock that was set back pays nothing off, and takes nothing away. */
  private void count(Instant at) {
    if (Double.isInfinite(wattsPerSecond)) {
      return;
    }
    double seconds = Duration.between(countedAt, at).toNanos() / 1e9;
    countedAt = at;
    credit =
        Math.min(credit + wattsPerSecond * Math.max(seconds, 0), wattsPerSecond * DEPTH_SECONDS);
  }
}
