package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import java.time.Duration;
import java.time.Instant;

/**
 * When the grid is asked and how long its answers count.
 *
 * @param pollPeriod how often the provider is asked at least
 * @param shortestPause the least time between two questions
 * @param maxAge how long after its period a number may still be acted on
 * @param referenceWindow over how long the dirtiest intensity counts as the reference
 */
public record FeedTiming(
    Duration pollPeriod, Duration shortestPause, Duration maxAge, Duration referenceWindow) {
  private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
  private static final Duration LONGEST_REST = Duration.ofDays(1);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration SHORTEST_REPLAYED = Duration.ofMillis(20);
  private static final Duration FASTEST_REPLAYED_POLL = Duration.ofMillis(250);

  /** A replay that lapsed sooner than this would lapse by the host's own hiccups. */
  private static final Duration LEAST_REPLAYED_AGE = Duration.ofSeconds(5);

  private static final int MOST_DOUBLINGS = 10;

  /** Refuses times that are not above zero. */
  public FeedTiming {
    if (!pollPeriod.isPositive() || !shortestPause.isPositive() || !referenceWindow.isPositive()) {
      throw new IllegalArgumentException("the times of a carbon feed must be above zero");
    }
  }

  /** The timing for a provider that speaks of the present. */
  public static FeedTiming live(Duration pollPeriod, Duration maxAge, Duration referenceWindow) {
    return new FeedTiming(pollPeriod, SHORTEST, maxAge, referenceWindow);
  }

  /**
   * The timing for a recording that runs {@code speed} times as fast as the grid did: all of the
   * signal's times shrink with it.
   */
  public static FeedTiming replayed(
      Duration pollPeriod, Duration maxAge, Duration referenceWindow, double speed) {
    return new FeedTiming(
        longer(shrunk(pollPeriod, speed), FASTEST_REPLAYED_POLL),
        SHORTEST_REPLAYED,
        longer(shrunk(maxAge, speed), LEAST_REPLAYED_AGE),
        longer(shrunk(referenceWindow, speed), LEAST_REPLAYED_AGE));
  }

  /** How long to wait after a good answer: until its period ends, or for a poll period. */
  Duration after(CarbonIntensity answer, Instant now) {
    return after(answer.validTo(), now);
  }

  /** How long to wait after an answer whose period ends at {@code end}. */
  Duration after(Instant end, Instant now) {
    Duration left = Duration.between(now, end);
    boolean runsOutSooner = left.isPositive() && left.compareTo(pollPeriod) < 0;
    return longer(runsOutSooner ? left : pollPeriod, shortestPause);
  }

  /** How long to wait after the {@code inARow}th failure. */
  Duration after(CarbonUnavailable failure, int inARow) {
    Duration rest =
        switch (failure.reason()) {
          case THROTTLED -> failure.retryAfter().orElse(pollPeriod);
          case PROVIDER_DOWN -> shorter(backOff(inARow), pollPeriod);
          case BAD_KEY,
              NOT_ENTITLED,
              ENDPOINT_NOT_IN_PLAN,
              UNKNOWN_REGION,
              CLOCK_SKEW,
              NO_DATA,
              MALFORMED,
              IMPLAUSIBLE ->
              pollPeriod;
        };
    return longer(shorter(rest, LONGEST_REST), shortestPause);
  }

  private static Duration backOff(int inARow) {
    return FIRST_RETRY.multipliedBy(1L << Math.min(inARow - 1, MOST_DOUBLINGS));
  }

  private static Duration shrunk(Duration duration, double speed) {
    return Duration.ofNanos(Math.round(duration.toNanos() / speed));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
