package chase.zeus.engine;

import chase.zeus.engine.LimitHold.TargetLimit;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.profile.ProfilingEvent.AbortReason;
import chase.zeus.unit.Watts;
import chase.zeus.writes.RivalBackOff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a GPU may be written now, whatever its target is. */
sealed interface WriteState {
  /** It may be written. */
  record Ready() implements WriteState {}

  /** An external process set {@code foreign}, which stays for a while. */
  record ExternalLimit(Watts foreign, RivalBackOff rival) implements WriteState {}

  /** The last write failed and may be retried, for the {@code tries}th time in a row. */
  record RetryWait(String why, Instant until, int tries) implements WriteState {
    /** Doubling the wait more often than this would pass any sensible maximum. */
    private static final int MOST_DOUBLINGS = 10;

    /** The wait after a failure at {@code at}: twice the one before, up to the hands-off time. */
    static RetryWait after(WriteState before, String why, Instant at, SafetyRules rules) {
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

  /** The last write was refused for good. */
  record WriteRefused(String why) implements WriteState {}

  /**
   * The GPU is lost.
   *
   * @param released whether that is because an operator has released its driver
   */
  record Unreachable(String why, boolean released) implements WriteState {
    /** Such as {@code the GPU is lost: no answer}. */
    private String text() {
      return (released ? "" : "the GPU is lost: ") + why;
    }
  }

  /**
   * The target that this state forces, whatever target is wanted; empty where it forces none.
   *
   * @param restoring whether the original limit is restored, whoever else has set one
   * @param current the limit that the GPU has
   */
  default Optional<TargetLimit> forcedTarget(
      boolean restoring, GpuTraits traits, Optional<Watts> current) {
    return switch (this) {
      case Unreachable lost ->
          Optional.of(new TargetLimit(Optional.empty(), new Reason.Lost(lost.why())));
      case WriteRefused refused ->
          Optional.of(new TargetLimit(current, new Reason.Refused(refused.why())));
      case ExternalLimit external when !restoring ->
          Optional.of(
              new TargetLimit(
                  current,
                  new Reason.HandsOff(
                      external.foreign(),
                      traits.defaultLimit().filter(external.foreign()::sameLimitAs).isPresent(),
                      external.rival().inARow(),
                      external.rival().until())));
      case ExternalLimit e -> Optional.empty();
      case RetryWait w -> Optional.empty();
      case Ready r -> Optional.empty();
    };
  }

  /** The same target, with the wait for the next try as its reason while there is one. */
  default TargetLimit delayed(TargetLimit target, Instant now) {
    return this instanceof RetryWait wait && now.isBefore(wait.until())
        ? new TargetLimit(target.limit(), new Reason.Retrying(wait.why(), wait.until()))
        : target;
  }

  /** Why no policy may decide about the GPU; empty when one may. */
  default Optional<AbortReason> hindrance() {
    return switch (this) {
      case Ready r -> Optional.empty();
      case RetryWait w -> Optional.empty();
      case ExternalLimit e -> Optional.of(AbortReason.FOREIGN_WRITE);
      case WriteRefused r -> Optional.of(AbortReason.WRITE_REFUSED);
      case Unreachable u -> Optional.of(AbortReason.GPU_LOST);
    };
  }

  /** Of a GPU that is lost, or whose driver an operator has released: what follows its name. */
  default Optional<String> whyLost() {
    return this instanceof Unreachable(String why, boolean released)
        ? Optional.of(released ? " cannot be used: " + why : " is lost")
        : Optional.empty();
  }

  /** Why no operator can set a limit; empty when this state does not prevent it. */
  default Optional<String> whyNotWritable() {
    return switch (this) {
      case Unreachable lost -> Optional.of(lost.text());
      case WriteRefused refused -> Optional.of("writes were refused: " + refused.why());
      case ExternalLimit e -> Optional.of("an external process set its limit to " + e.foreign());
      case RetryWait w -> Optional.empty();
      case Ready r -> Optional.empty();
    };
  }

  /** After a failure that a retry does not mend. */
  static WriteState failedForGood(Event.LimitFailed failure) {
    return failure.kind() == GpuException.Kind.LOST
        ? new Unreachable(failure.why(), false)
        : new WriteRefused(failure.why());
  }
}
