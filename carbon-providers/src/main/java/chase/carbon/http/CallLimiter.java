package chase.carbon.http;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A bucket of tokens, one a call. A fifth of them may be taken at once and the rest come back
 * evenly over the period, so that no period of that length sees more calls than the allowance.
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
}
