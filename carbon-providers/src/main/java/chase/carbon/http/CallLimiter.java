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
   * The minimum time between two calls, from the start of one to the start of the next. A call that
   * never reached the provider does not count; while a call runs, none is started beside it.
   */
  static final class Pacing {
    private static final Attempt NONE = new Attempt(0, 0);

    private final CallSpacing spacing;
    private final MonotonicTime time;
    private final AtomicReference<Attempt> last = new AtomicReference<>(NONE);

    private record Attempt(long startNanos, long spacingNanos) {
      Duration left(long now) {
        return Duration.ofNanos(Math.max(0, startNanos + spacingNanos - now));
      }
    }

    Pacing(CallSpacing spacing, MonotonicTime time) {
      this.spacing = spacing;
      this.time = time;
    }

    /** How long until a call may start. */
    Duration left() {
      return last.get().left(time.currentTimeNanos());
    }

    /** Starts a call; where that must wait, how long. */
    Optional<Duration> tryStart() {
      long now = time.currentTimeNanos();
      Attempt before = last.get();
      Duration left = before.left(now);
      if (left.isPositive()) {
        return Optional.of(left);
      }
      Attempt next = new Attempt(now, spacing.longest().toNanos());
      return last.compareAndSet(before, next) ? Optional.empty() : Optional.of(spacing.longest());
    }

    /** The call that was started got a 2xx. */
    void onAnswer() {
      end(spacing.afterAnswer());
    }

    /** The call that was started was refused, or failed after it had reached the provider. */
    void onFailure() {
      end(spacing.afterFailure());
    }

    /** The call that was started never reached the provider. */
    void onNotReached() {
      last.set(NONE);
    }

    private void end(Duration pause) {
      last.updateAndGet(attempt ->
          attempt.equals(NONE) ? NONE : new Attempt(attempt.startNanos(), pause.toNanos()));
    }
  }

  /**
   * The minimum time between two calls, which a provider's own rules demand. It holds whatever is
   * configured, for every path and parameter, and beside a Retry-After, of which the longer counts.
   *
   * @param afterAnswer from a call that was answered with a 2xx to the next
   * @param afterFailure from a call that was refused or failed to the next
   */
  public record CallSpacing(Duration afterAnswer, Duration afterFailure) {
    /** The budget of an hour alone counts. */
    public static final CallSpacing NONE = new CallSpacing(Duration.ZERO, Duration.ZERO);

    /** Refuses times below zero. */
    public CallSpacing {
      if (afterAnswer.isNegative() || afterFailure.isNegative()) {
        throw new IllegalArgumentException("the time between two calls must not be negative");
      }
    }

    /** The same time after every call. */
    public static CallSpacing of(Duration always) {
      return new CallSpacing(always, always);
    }

    boolean isNone() {
      return equals(NONE);
    }

    Duration longest() {
      return afterAnswer.compareTo(afterFailure) >= 0 ? afterAnswer : afterFailure;
    }

    /** For messages, such as {@code at most every 15 min}. */
    String words(boolean failed) {
      long seconds = (failed ? afterFailure : afterAnswer).toSeconds();
      return "at most every " + (seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s");
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
   * @param spacing the minimum time between two calls; redirects belong to the call that led there
   */
  public record CallRules(
      String provider, int callsPerHour, int retries, Duration firstPause, CallSpacing spacing) {
    private static final int DEFAULT_RETRIES = 2;
    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);

    /** Refuses fewer than five calls an hour, times below zero, and repeating a spaced call. */
    public CallRules {
      if (callsPerHour < 5) {
        throw new IllegalArgumentException(
            provider + ": calls-per-hour must be at least 5, is " + callsPerHour);
      }
      if (retries < 0 || !firstPause.isPositive()) {
        throw new IllegalArgumentException(provider + ": retries and pauses must be above zero");
      }
      if (retries > 0 && !spacing.isNone()) {
        throw new IllegalArgumentException(
            provider + ": a call that must keep a distance to the next is not repeated at once");
      }
    }

    /** Without a minimum time between two calls. */
    public CallRules(String provider, int callsPerHour, int retries, Duration firstPause) {
      this(provider, callsPerHour, retries, firstPause, CallSpacing.NONE);
    }

    /** Two repetitions, after about one and two seconds. */
    public static CallRules defaults(String provider, int callsPerHour) {
      return new CallRules(provider, callsPerHour, DEFAULT_RETRIES, DEFAULT_PAUSE);
    }

    /** The same, where a call that fails is not repeated at once. */
    public CallRules withoutRetries() {
      return new CallRules(provider, callsPerHour, 0, firstPause, spacing);
    }

    /** No repetitions, and a minimum time between two calls. */
    public static CallRules spaced(String provider, int callsPerHour, CallSpacing spacing) {
      return new CallRules(provider, callsPerHour, 0, DEFAULT_PAUSE, spacing);
    }
  }
}
