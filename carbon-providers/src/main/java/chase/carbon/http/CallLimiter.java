package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A bucket of tokens, one a call. A fifth of them may be taken at once and the rest come back
 * evenly over the period, so that no period of that length sees more calls than allowed.
 */
public final class CallLimiter {
  private final Bucket bucket;

  /** A full bucket for {@code calls}, five or more, in any {@code period}. */
  public CallLimiter(int calls, Duration period, InstantSource clock) {
    int burst = Math.max(1, calls / 5);
    this.bucket =
        Bucket.builder()
            .addLimit(limit -> limit.capacity(burst).refillGreedy(calls - burst, period))
            .withCustomTimePrecision(new MonotonicTime(clock))
            .build();
  }

  /** Takes a token; where there is none, how long until there is. */
  public Optional<Duration> tryAcquire() {
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  /**
   * How long a provider that complained is not called: as long as its Retry-After says, at most a
   * day. A 429 that names no time counts as a minute, doubled with each in a row up to an hour, and
   * lengthened by chance by up to a quarter, so that many hosts do not come back at once.
   */
  static final class Backoff {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration FIRST_GUESS = Duration.ofMinutes(1);
    private static final Duration LONGEST_GUESS = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 6;

    private final MonotonicTime time;
    private final AtomicReference<State> state =
        new AtomicReference<>(new State(0, 0, Optional.empty()));

    private record State(long untilNanos, int inARow, Optional<CarbonUnavailable> why) {}

    Backoff(MonotonicTime time) {
      this.time = time;
    }

    /**
     * Why the provider must not be called now, with what is left of its pause; empty when it may.
     */
    Optional<CarbonUnavailable> current() {
      State now = state.get();
      long left = now.untilNanos() - time.currentTimeNanos();
      return left > 0 ? now.why().map(why -> again(why, Duration.ofNanos(left))) : Optional.empty();
    }

    /** The provider responded as it should. */
    void clear() {
      state.set(new State(0, 0, Optional.empty()));
    }

    /** The provider failed; a pause begins where it wants one, or sent a 429. */
    CarbonUnavailable onFailure(CarbonUnavailable failure) {
      if (failure.reason() != FailureReason.THROTTLED && failure.retryAfter().isEmpty()) {
        return failure;
      }
      int inARow = state.get().inARow() + 1;
      Duration pause = failure.retryAfter().map(Backoff::bounded).orElseGet(() -> guess(inARow));
      CarbonUnavailable pausing = again(failure, pause);
      state.set(new State(time.currentTimeNanos() + pause.toNanos(), inARow, Optional.of(pausing)));
      return pausing;
    }

    private static Duration bounded(Duration wanted) {
      return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
    }

    private static Duration guess(int inARow) {
      Duration whole = FIRST_GUESS.multipliedBy(1L << Math.min(inARow - 1, MOST_DOUBLINGS));
      Duration pause = whole.compareTo(LONGEST_GUESS) > 0 ? LONGEST_GUESS : whole;
      return pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 4));
    }

    private static CarbonUnavailable again(CarbonUnavailable why, Duration left) {
      return new CarbonUnavailable(
          why.reason(), Objects.requireNonNull(why.getMessage()), Optional.of(left));
    }
  }

  /**
   * How often a provider may be called.
   *
   * @param provider its short name, as in metrics
   * @param callsPerHour the most calls in any hour, repetitions and redirects included
   * @param retries how often a call that failed is repeated at once
   * @param firstPause how long to wait before the first repetition; doubles with each, and is
   *     shortened or lengthened by chance by up to a half
   */
  public record CallRules(String provider, int callsPerHour, int retries, Duration firstPause) {
    private static final int DEFAULT_RETRIES = 2;
    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);

    /** Refuses fewer than five calls an hour, and times below zero. */
    public CallRules {
      if (callsPerHour < 5) {
        throw new IllegalArgumentException(
            provider + ": calls-per-hour must be at least 5, is " + callsPerHour);
      }
      if (retries < 0 || !firstPause.isPositive()) {
        throw new IllegalArgumentException(provider + ": retries and pauses must be above zero");
      }
    }

    /** Two repetitions, after about one and two seconds. */
    public static CallRules defaults(String provider, int callsPerHour) {
      return new CallRules(provider, callsPerHour, DEFAULT_RETRIES, DEFAULT_PAUSE);
    }

    /** The same, where a call that fails is not repeated at once. */
    public CallRules withoutRetries() {
      return new CallRules(provider, callsPerHour, 0, firstPause);
    }
  }
}
