package chase.carbon;

import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.fallback.PollPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One question that is asked again and again: when it was asked, when it is due, and how it went.
 *
 * @param polledAt when it was asked last
 * @param notBefore when it is due again
 * @param failures how often it failed in a row
 * @param failure why it failed last, empty when it did not
 */
public record Asking(
    Instant polledAt, Instant notBefore, int failures, Optional<CarbonUnavailable> failure) {
  public static final Asking NEVER = new Asking(Instant.MIN, Instant.MIN, 0, Optional.empty());

  /**
   * As an earlier daemon left it. A pause that no provider gets says that the file is wrong, and
   * must not keep anybody from asking.
   */
  public static Asking restored(Instant askedAt, Instant notBefore) {
    boolean credible =
        TimeBounds.contains(askedAt)
            && !notBefore.isAfter(
                askedAt.plus(PollPolicy.LONGEST_REST).plus(PollPolicy.MOST_JITTER));
    return credible ? new Asking(askedAt, notBefore, 0, Optional.empty()) : NEVER;
  }

  /** A clock that went back makes the time when it is due meaningless. */
  public boolean isDue(Instant now) {
    return now.isBefore(polledAt) || !now.isBefore(notBefore);
  }

  /**
   * When it is due for a daemon that starts anew: a provider's wish for rest still counts, a
   * failure does not, because the operator may have mended its cause.
   */
  public Instant notBeforeAfterRestart() {
    boolean failed = failure.filter(why -> why.reason() != FailureReason.THROTTLED).isPresent();
    return failed ? polledAt : notBefore;
  }

  public Instant nextDue(Instant now) {
    return isDue(now) ? now : notBefore;
  }

  /**
   * While the answer is awaited. A question that is interrupted, or dies of a bug, stays so and is
   * not asked again at once.
   */
  public Asking started(Instant now, Duration pause) {
    return new Asking(now, now.plus(pause), failures, failure);
  }

  public Asking succeeded(Instant now, Duration pause) {
    return new Asking(now, now.plus(pause), 0, Optional.empty());
  }

  /** That Chase itself had to wait is no reason to forget why there is no answer. */
  public Asking failed(CarbonUnavailable why, Instant now, PollPolicy pace, double chance) {
    int inARow = failures + 1;
    Duration pause = pace.afterFailure(why, inARow, chance);
    Optional<CarbonUnavailable> cause =
        failure.filter(known -> why.reason() == FailureReason.HELD_BACK).or(() -> Optional.of(why));
    return new Asking(now, now.plus(pause), inARow, cause);
  }
}
