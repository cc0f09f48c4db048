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
  record Free() implements Standing {}

  /** Somebody else set {@code foreign}; theirs stays until {@code until}. */
  record HandsOff(Watts foreign, Instant until) implements Standing {}

  /** The last write failed in passing, for the {@code tries}th time in a row. */
  record Retrying(String why, Instant until, int tries) implements Standing {
    /** Doubling the wait more often than this would pass any sensible cap. */
    private static final int MOST_DOUBLINGS = 10;

    /** The wait after a failure at {@code at}, twice as long as that before it. */
    static Retrying after(Standing before, String why, Instant at, Rules rules) {
      int tries = before instanceof Retrying again ? again.tries() + 1 : 1;
      Duration wait = rules.retryAfter().multipliedBy(1L << Math.min(tries - 1, MOST_DOUBLINGS));
      Duration capped = wait.compareTo(rules.handsOff()) < 0 ? wait : rules.handsOff();
      return new Retrying(why, at.plus(capped), tries);
    }

    /** The same with the next try at {@code at}. */
    Retrying dueAt(Instant at) {
      return new Retrying(why, at, tries);
    }
  }

  /** The last write was refused. */
  record Refused(String why) implements Standing {}

  /** The card is gone. */
  record Lost(String why) implements Standing {}

  /** Why no policy may decide about the card; empty when one may. */
  default Optional<ProfileEvent.Reason> hindrance() {
    return switch (this) {
      case Free f -> Optional.empty();
      case Retrying r -> Optional.empty();
      case HandsOff h -> Optional.of(ProfileEvent.Reason.FOREIGN_WRITE);
      case Refused r -> Optional.of(ProfileEvent.Reason.WRITE_REFUSED);
      case Lost l -> Optional.of(ProfileEvent.Reason.GPU_LOST);
    };
  }

  /** Why a limit cannot be set by hand; empty when nothing in the card's standing is against it. */
  default Optional<String> whyNotWritable() {
    return switch (this) {
      case Lost lost -> Optional.of("the GPU is lost: " + lost.why());
      case Refused refused -> Optional.of("writes were refused: " + refused.why());
      case HandsOff h -> Optional.of("somebody else set its limit to " + h.foreign());
      case Retrying r -> Optional.empty();
      case Free f -> Optional.empty();
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
        ? new Lost(failure.why())
        : new Refused(failure.why());
  }
}
