package chase.carbon.plausibility;

import chase.carbon.SignalKind.Margin;
import java.time.Duration;

/**
 * Notices a frozen feed: one value for longer than this series ever has reason to keep it. How
 * often neighbouring periods were equal before decides how long a run may be; a tiny grid that
 * hardly ever moves may stand still for weeks, one that moves each hour for a day.
 */
final class FrozenFeedDetector {
  /** A shorter run is never rejected: nights can be still. */
  private static final Duration SHORTEST = Duration.ofHours(6);

  private static final int FEWEST_PERIODS = 24;

  /** The plant at the margin may stay the same for a day. */
  private static final int MARGINAL_PATIENCE = 4;

  /** What stays the same for so long is how the grid is now. */
  private static final Duration LEARNT_AFTER = Duration.ofDays(7);

  /** With less seen, it is unknown how still the grid is. */
  private static final int ENOUGH_STEPS = 48;

  /** How unlikely a run must be before it is rejected. */
  private static final double LOG_UNLIKELY = Math.log(1e-6);

  /** Halves the weight of a step within 336 steps. */
  private static final double MEMORY = Math.pow(0.5, 1.0 / 336);

  private double steps;
  private double repeats;
  private double shareBeforeRun = 1;
  private int run;

  /** Takes in the next period's value, equal to the one before or not. */
  void add(boolean same) {
    if (!same) {
      settle();
      count(false);
      shareBeforeRun = steps < ENOUGH_STEPS ? 1 : (repeats + 1) / (steps + 2);
    } else {
      run++;
    }
  }

  /** The run ended, or is how the grid is now: it counts as experience. */
  private void settle() {
    for (int i = 0; i < run; i++) {
      count(true);
    }
    run = 0;
  }

  private void count(boolean same) {
    steps = steps * MEMORY + 1;
    repeats = repeats * MEMORY + (same ? 1 : 0);
  }

  /** Whether the present run is too long for this series. */
  boolean isFrozen(Duration period, Margin margin) {
    if (shareBeforeRun >= 1 || run == 0) {
      return false;
    }
    if (period.multipliedBy(run).compareTo(LEARNT_AFTER) > 0) {
      settle();
      shareBeforeRun = 1;
      return false;
    }
    int patience = margin == Margin.MARGINAL ? MARGINAL_PATIENCE : 1;
    double longest = Math.max(LOG_UNLIKELY / Math.log(shareBeforeRun), periods(period)) * patience;
    return run > longest;
  }

  private static double periods(Duration period) {
    return Math.max(FEWEST_PERIODS, (double) SHORTEST.toNanos() / period.toNanos());
  }
}
