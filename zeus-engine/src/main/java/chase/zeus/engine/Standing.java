package chase.zeus.engine;

import chase.zeus.gpu.GpuException;
import chase.zeus.profile.ProfileEvent;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a card may be written now, apart from what anybody wants of it. */
sealed interface Standing {
  /** Nothing speaks against it. */
  record Ready() implements Standing {}

  /** Somebody else set {@code foreign}; theirs stays until {@code until}. */
  record ExternalLimit(Watts foreign, Instant until) implements Standing {}

  /** The last write failed in passing, for the {@code tries}th time in a row. */
  record RetryWait(String why, Instant until, int tries) implements Standing {
    /** Doubling the wait more often than this would pass any sensible cap. */
    private static final int MOST_DOUBLINGS = 10;

    /** The wait after a failure at {@code at}, twice as long as that before it. */
    static RetryWait after(Standing before, String why, Instant at, SafetyRules rules) {
      int tries = before instanceof RetryWait again ? again.tries() + 1 : 1;
      Duration wait = rules.retryAfter().multipliedBy(1L << Math.min(tries - 1, MOST_DOUBLINGS));
      Duration capped = wait.compareTo(rules.handsOff()) < 0 ? wait : rules.handsOff();
      return new RetryWait(why, at.plus(capped), tries);
    }

    /** The same with the next try at {@code at}. */
    RetryWait dueAt(Instant at) {
      return new RetryWait(why, at, tries);
    }
  }

  /** The last write was refused. */
  record WriteRefused(String why) implements Standing {}

  /** The card is gone. */
  record Unreachable(String why) implements Standing {}

  /** Why no policy may decide about the card; empty when one may. */
  default Optional<ProfileEvent.Reason> hindrance() {
    return switch (this) {
      case Ready f -> Optional.empty();
      case RetryWait r -> Optional.empty();
      case ExternalLimit h -> Optional.of(ProfileEvent.Reason.FOREIGN_WRITE);
      case WriteRefused r -> Optional.of(ProfileEvent.Reason.WRITE_REFUSED);
      case Unreachable l -> Optional.of(ProfileEvent.Reason.GPU_LOST);
    };
  }

  /** Why a limit cannot be set by hand; empty when nothing in the card's standing is against it. */
  default Optional<String> whyNotWritable() {
    return switch (this) {
      case Unreachable lost -> Optional.of("the GPU is lost: " + lost.why());
      case WriteRefused refused -> Optional.of("writes were refused: " + refused.why());
      case ExternalLimit h -> Optional.of("somebody else set its limit to " + h.foreign());
      case RetryWait r -> Optional.empty();
      case Ready f -> Optional.empty();
    };
  }

  /** Whether trying again may mend {@code failure}. */
  static boolean isPassing(Event.LimitFailed failure) {
    return switch (failure.kind()) {
      case RETRY, REOPEN -> true;
      case REFUSED, LOST -> false;
    };
  }

  /** After a failure that trying again does not mend. */
  static Standing forGood(Event.LimitFailed failure) {
    return failure.kind() == GpuException.Kind.LOST
        ? new Unreachable(failure.why())
        : new WriteRefused(failure.why());
  }
}
