package chase.daemon.grid;

import java.time.Duration;

/**
 * How the times of a signal run; all of them shrink where a recording is played faster.
 *
 * @param pollPeriod how often the provider is asked at least
 * @param minimumPause the least time between two questions
 * @param maxAge how long after its period a number may still be acted on
 * @param referenceWindow over how long the highest number counts as the reference
 * @param planAhead how far ahead is planned for
 * @param day how long a day lasts
 */
public record FeedTiming(
    Duration pollPeriod,
    Duration minimumPause,
    Duration maxAge,
    Duration referenceWindow,
    Duration planAhead,
    Duration day) {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration SHORTEST_REPLAYED = Duration.ofMillis(20);
  private static final Duration FASTEST_REPLAYED_POLL = Duration.ofMillis(250);

  /** A replay that lapsed sooner than this would lapse by the host's own hiccups. */
  private static final Duration LEAST_REPLAYED_AGE = Duration.ofSeconds(5);

  private static final Duration DAY = Duration.ofDays(1);

  /** Refuses times that are not above zero. */
  public FeedTiming {
    if (!pollPeriod.isPositive()
        || !minimumPause.isPositive()
        || !referenceWindow.isPositive()
        || !planAhead.isPositive()
        || !day.isPositive()) {
      throw new IllegalArgumentException("the times of a signal must be above zero");
    }
  }

  /** The timing for a provider that speaks of the present. */
  public static FeedTiming live(
      Duration pollPeriod, Duration maxAge, Duration referenceWindow, Duration planAhead) {
    return new FeedTiming(pollPeriod, SHORTEST, maxAge, referenceWindow, planAhead, DAY);
  }

  /** The same for a recording that runs {@code speed} times as fast as the grid did. */
  public FeedTiming replayed(double speed) {
    return new FeedTiming(
        longer(shrunk(pollPeriod, speed), FASTEST_REPLAYED_POLL),
        SHORTEST_REPLAYED,
        longer(shrunk(maxAge, speed), LEAST_REPLAYED_AGE),
        longer(shrunk(referenceWindow, speed), LEAST_REPLAYED_AGE),
        longer(shrunk(planAhead, speed), SHORTEST_REPLAYED),
        longer(shrunk(day, speed), SHORTEST_REPLAYED));
  }

  /** How many seconds of the grid pass in one of the clock. */
  public double speed() {
    return (double) DAY.toNanos() / day.toNanos();
  }

  private static Duration shrunk(Duration duration, double speed) {
    return Duration.ofNanos(Math.round(duration.toNanos() / speed));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
