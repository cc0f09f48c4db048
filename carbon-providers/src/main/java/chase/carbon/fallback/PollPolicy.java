package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import java.time.Duration;
import java.time.Instant;

/**
 * When a provider is polled again. It follows the period of the provider's own data; a little
 * jitter keeps many hosts from polling at once. Pure: the jitter comes in as a number from 0 to 1.
 *
 * @param pollPeriod how long to wait for a value that is late, and after most failures
 * @param minimumPause the minimum time between two polls
 * @param maximumJitter how much of a pause the jitter may add, 0 to 1
 */
public record PollPolicy(Duration pollPeriod, Duration minimumPause, double maximumJitter) {
  private static final double USUAL_JITTER = 0.1;

  /** How much the jitter may add to a pause. */
  public static final Duration MOST_JITTER = Duration.ofMinutes(1);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /** A longer period would bring no value to act on. */
  private static final Duration LONGEST_PERIOD = Duration.ofDays(366);

  /** The longest time for which a failing provider is not polled. */
  public static final Duration LONGEST_BACKOFF = DAY;

  private static final int MOST_DOUBLINGS = 10;

  /** Refuses times that are not above zero or longer than a year, and a share outside 0 to 1. */
  public PollPolicy {
    if (!pollPeriod.isPositive() || !minimumPause.isPositive()) {
      throw new IllegalArgumentException("poll periods must be above zero");
    }
    if (pollPeriod.compareTo(LONGEST_PERIOD) > 0 || minimumPause.compareTo(LONGEST_PERIOD) > 0) {
      throw new IllegalArgumentException("poll periods must be at most 366 days: " + pollPeriod);
    }
    if (!(maximumJitter >= 0 && maximumJitter <= 1)) {
      throw new IllegalArgumentException("jitter must be 0 to 1: " + maximumJitter);
    }
  }

  /** The policy for a provider that is called over the network. */
  public static PollPolicy live(Duration pollPeriod) {
    return new PollPolicy(pollPeriod, Duration.ofSeconds(1), USUAL_JITTER);
  }

  /** After a good value: when its period ends, or soon when it is over and the next one late. */
  public Duration afterSuccess(CarbonIntensity value, Instant now, double jitter) {
    return afterSuccess(value.validFrom(), value.validTo(), now, jitter);
  }

  /** The same after a response of any kind that describes a period. */
  public Duration afterSuccess(Instant from, Instant to, Instant now, double jitter) {
    Duration left = Duration.between(now, to);
    Duration pause = left.isPositive() ? left : late(Duration.between(from, to));
    return bounded(withJitter(shorter(pause, LONGEST_PAUSE), jitter));
  }

  private Duration late(Duration period) {
    return shorter(pollPeriod, period.dividedBy(2));
  }

  /** After a good forecast: once a period, but at most every half hour. */
  public Duration afterForecast(CarbonIntensity first, double jitter) {
    Duration halfHour = LONGEST_PAUSE.dividedBy(2);
    return bounded(withJitter(longer(halfHour, first.period()), jitter));
  }

  /** After the {@code inARow}th failure. What only a person can mend is tried ever more rarely. */
  public Duration afterFailure(CarbonUnavailable failure, int inARow, double jitter) {
    Duration backoff =
        switch (failure.reason()) {
          case THROTTLED, HELD_BACK -> pollPeriod;
          case PROVIDER_DOWN -> shorter(doubled(FIRST_RETRY, inARow), pollPeriod);
          case BAD_KEY, NOT_ENTITLED, UNKNOWN_REGION ->
              shorter(doubled(pollPeriod, inARow), longer(LONGEST_PAUSE, pollPeriod));
          case ENDPOINT_NOT_IN_PLAN -> DAY;
          case CLOCK_SKEW, NO_DATA, MALFORMED, IMPLAUSIBLE -> pollPeriod;
        };
    Duration wanted =
        failure.retryAfter().map(least -> atLeast(least, failure, backoff)).orElse(backoff);
    return bounded(shorter(withJitter(shorter(wanted, LONGEST_BACKOFF), jitter), LONGEST_BACKOFF));
  }

  /**
   * Where a call is merely allowed again, a provider that fails is still tried ever more rarely.
   */
  private static Duration atLeast(Duration least, CarbonUnavailable failure, Duration backoff) {
    return switch (failure.reason()) {
      case THROTTLED, HELD_BACK -> least;
      case PROVIDER_DOWN,
          BAD_KEY,
          NOT_ENTITLED,
          UNKNOWN_REGION,
          ENDPOINT_NOT_IN_PLAN,
          CLOCK_SKEW,
          NO_DATA,
          MALFORMED,
          IMPLAUSIBLE ->
          longer(least, backoff);
    };
  }

  private Duration bounded(Duration pause) {
    return longer(pause, minimumPause);
  }

  private Duration withJitter(Duration pause, double jitter) {
    double most = Math.min(pause.toNanos() * maximumJitter, (double) MOST_JITTER.toNanos());
    return pause.plusNanos((long) (jitter * most));
  }

  private static Duration doubled(Duration first, int inARow) {
    return first.multipliedBy(1L << Math.min(inARow - 1, MOST_DOUBLINGS));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
