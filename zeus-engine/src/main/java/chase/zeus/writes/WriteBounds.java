package chase.zeus.writes;

import java.time.Duration;

/**
 * The bounds on the writes of a host's limits.
 *
 * @param raiseWattsPerSecond by how much the limits of all GPUs together rise in a second, above 0;
 *     see {@link RaiseSlew}
 * @param loweringStep the most that one write lowers a limit, as a share of the original limit,
 *     above 0 and up to 1
 * @param perHour how many writes a GPU has in an {@code hour}, at least 1; see {@link WriteBudget}
 * @param hour an hour; shorter where the grid's time passes faster
 * @param longestHandsOff the longest time for which a GPU is left to an external process that
 *     overwrites Chase's limit again and again; see {@link RivalBackOff}
 */
public record WriteBounds(
    double raiseWattsPerSecond,
    double loweringStep,
    int perHour,
    Duration hour,
    Duration longestHandsOff) {
  /** Eight GPUs of 700 W come from the floor to full power in two seconds; a lone one at once. */
  public static final double DEFAULT_RAISE_WATTS_PER_SECOND = 1000;

  /** A driver may drop a limit that lies far below the draw (AMD's does: LACT, issue 207). */
  public static final double DEFAULT_LOWERING_STEP = 0.25;

  /** Twice what a policy can use that changes the limit whenever the default dwell allows it. */
  public static final int DEFAULT_PER_HOUR = 120;

  /** An external process that comes back every time keeps a GPU for most of the day. */
  public static final Duration DEFAULT_LONGEST_HANDS_OFF = Duration.ofHours(4);

  private static final Duration HOUR = Duration.ofHours(1);

  /** None but the longest hands-off time, as where GPUs are arithmetic and nothing can trip. */
  public static final WriteBounds NONE =
      new WriteBounds(
          Double.POSITIVE_INFINITY, 1, Integer.MAX_VALUE, HOUR, DEFAULT_LONGEST_HANDS_OFF);

  /** Bounds in real time. */
  public WriteBounds(
      double raiseWattsPerSecond, double loweringStep, int perHour, Duration longestHandsOff) {
    this(raiseWattsPerSecond, loweringStep, perHour, HOUR, longestHandsOff);
  }

  /** Refuses what would forbid every write with {@link IllegalArgumentException}. */
  public WriteBounds {
    if (!(raiseWattsPerSecond > 0)) {
      throw new IllegalArgumentException(
          "limits must rise by more than 0 W a second: " + raiseWattsPerSecond);
    }
    if (!(loweringStep > 0 && loweringStep <= 1)) {
      throw new IllegalArgumentException("a lowering step must lie in (0, 1]: " + loweringStep);
    }
    if (perHour < 1) {
      throw new IllegalArgumentException("a GPU needs at least one write an hour: " + perHour);
    }
    if (!hour.isPositive() || longestHandsOff.isNegative()) {
      throw new IllegalArgumentException("times must not be negative");
    }
  }

  /**
   * These bounds for a grid whose time passes {@code speed} times as fast: hours are shorter, and
   * what concerns drivers and breakers stays.
   */
  public WriteBounds replayed(double speed) {
    return new WriteBounds(
        raiseWattsPerSecond,
        loweringStep,
        perHour,
        scaled(hour, speed),
        scaled(longestHandsOff, speed));
  }

  private static Duration scaled(Duration duration, double speed) {
    return Duration.ofNanos(Math.max(1, Math.round(duration.toNanos() / speed)));
  }
}
