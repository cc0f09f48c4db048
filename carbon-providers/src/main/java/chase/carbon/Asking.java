package chase.carbon;

import chase.carbon.CarbonUnavailable.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One question that is asked again and again: when it was asked, when it is due, and how it went.
 *
 * @param askedAt when it was asked last
 * @param notBefore when it is due again
 * @param failures how often it failed in a row
 * @param trouble why it failed last, empty when it did not
 */
record Asking(
    Instant askedAt, Instant notBefore, int failures, Optional<CarbonUnavailable> trouble) {
  static final Asking NEVER = new Asking(Instant.MIN, Instant.MIN, 0, Optional.empty());

  /**
   * As an earlier daemon left it. A pause that no provider gets says that the file is wrong, and
   * must not keep anybody from asking.
   */
  static Asking remembered(Instant askedAt, Instant notBefore) {
    boolean credible =
        TimeBounds.holds(askedAt)
            && !notBefore.isAfter(askedAt.plus(PollPace.LONGEST_REST).plus(PollPace.MOST_JITTER));
    return credible ? new Asking(askedAt, notBefore, 0, Optional.empty()) : NEVER;
  }

  /** A clock that went back makes the time when it is due meaningless. */
  boolean due(Instant now) {
    return now.isBefore(askedAt) || !now.isBefore(notBefore);
  }

  /**
   * When it is due for a daemon that starts anew: a provider's wish for rest still counts, a
   * failure does not, because the operator may have mended its cause.
   */
  Instant restAcrossRestarts() {
    boolean failed = trouble.filter(why -> why.reason() != Reason.THROTTLED).isPresent();
    return failed ? askedAt : notBefore;
  }

  Instant dueAt(Instant now) {
    return due(now) ? now : notBefore;
  }

  /**
   * While the answer is awaited. A question that is interrupted, or dies of a bug, stays so and is
   * not asked again at once.
   */
  Asking begun(Instant now, Duration pause) {
    return new Asking(now, now.plus(pause), failures, trouble);
  }

  Asking answered(Instant now, Duration pause) {
    return new Asking(now, now.plus(pause), 0, Optional.empty());
  }

  /** That Chase itself had to wait is no reason to forget why there is no answer. */
  Asking failed(CarbonUnavailable why, Instant now, PollPace pace, double chance) {
    int inARow = failures + 1;
    Duration pause = pace.afterFailure(why, inARow, chance);
    Optional<CarbonUnavailable> cause =
        trouble.filter(known -> why.reason() == Reason.HELD_BACK).or(() -> Optional.of(why));
    return new Asking(now, now.plus(pause), inARow, cause);
  }
}
