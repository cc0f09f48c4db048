package chase.zeus.engine;

import chase.zeus.engine.GpuView.WriteCounts;
import chase.zeus.engine.LimitHold.TargetLimit;
import chase.zeus.engine.ReadBacks.IneffectiveWrite;
import chase.zeus.engine.ReadBacks.WriteOutcome;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.ProfilingEvent.AbortReason;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The writes to one GPU: the pending one, the result of those before, and whether more may follow.
 * Used by the engine's thread only.
 */
final class LimitWrites {
  private final GpuId gpu;
  private SafetyRules rules;
  private final LimitTracker limits;
  private WriteState state = new WriteState.Ready();
  private Optional<Order> pending = Optional.empty();
  private Optional<Instant> changedAt = Optional.empty();
  private WriteCounts counts = WriteCounts.NONE;

  /** Whether a GPU may be written now, whatever its target is. */
  sealed interface WriteState {
    /** It may be written. */
    record Ready() implements WriteState {}

    /** An external process set {@code foreign}, which stays until {@code until}. */
    record ExternalLimit(Watts foreign, Instant until) implements WriteState {}

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

    /** The GPU is lost. */
    record Unreachable(String why) implements WriteState {}

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
                        external.until())));
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

    /** Why no operator can set a limit; empty when this state does not prevent it. */
    default Optional<String> whyNotWritable() {
      return switch (this) {
        case Unreachable lost -> Optional.of("the GPU is lost: " + lost.why());
        case WriteRefused refused -> Optional.of("writes were refused: " + refused.why());
        case ExternalLimit e -> Optional.of("an external process set its limit to " + e.foreign());
        case RetryWait w -> Optional.empty();
        case Ready r -> Optional.empty();
      };
    }

    /** After a failure that a retry does not mend. */
    private static WriteState failedForGood(Event.LimitFailed failure) {
      return failure.kind() == GpuException.Kind.LOST
          ? new Unreachable(failure.why())
          : new WriteRefused(failure.why());
    }
  }

  LimitWrites(GpuId gpu, SafetyRules rules, LimitTracker limits) {
    this.gpu = gpu;
    this.rules = rules;
    this.limits = limits;
  }

  void apply(SafetyRules changed) {
    rules = changed;
  }

  /** Whether the GPU may be written now. */
  WriteState state() {
    return state;
  }

  boolean isPending() {
    return pending.isPresent();
  }

  WriteCounts counts() {
    return counts;
  }

  /** When a limit was last set; empty when the next change need not wait for the dwell. */
  Optional<Instant> changedAt() {
    return changedAt;
  }

  /** The driver came back. */
  void reopened() {
    state = new WriteState.Ready();
    pending = Optional.empty();
  }

  /** Compares the limits that a GPU shows with those that Chase knows. */
  void observe(PowerLimits seen, Instant at) {
    boolean ordered = pending.isPresent() && seen.requested().sameLimitAs(pending.get().limit());
    if (!ordered && !limits.observe(seen)) {
      adopt(seen, at);
    }
  }

  /** An external process set the limit: it becomes the original, and stays for a while. */
  void adopt(PowerLimits external, Instant at) {
    limits.adopt(external);
    pending = Optional.empty();
    state = new WriteState.ExternalLimit(external.requested(), at.plus(rules.handsOff()));
    counts = counts.plusForeign();
  }

  /**
   * A write returned. The limits that the GPU shows straight afterwards are what its driver made of
   * the write.
   *
   * @param range the limits that the GPU may have
   * @return whether the write was given up
   */
  boolean applied(Event.LimitApplied applied, PowerRange range) {
    Optional<Order> order = pending;
    pending = Optional.empty();
    if (order.isEmpty()) {
      limits.recordWrite(applied.readBack());
      return false;
    }
    WriteOutcome outcome = limits.readBack(order.get(), applied.readBack(), range);
    switch (outcome) {
      case MET -> {
        counts = counts.plusApplied();
        changedAt = Optional.of(applied.at());
        state = new WriteState.Ready();
      }
      case UNMET -> {
        counts = counts.plusFailed();
        String why = limits.ineffective().orElseThrow().text();
        state = WriteState.RetryWait.after(state, why, applied.at(), rules);
      }
      case GIVEN_UP -> {
        counts = counts.plusFailed();
        state = new WriteState.Ready();
      }
    }
    return outcome == WriteOutcome.GIVEN_UP;
  }

  /** A write failed; returns whether for good. */
  boolean failed(Event.LimitFailed failure) {
    limits.doubt(failure.limit());
    pending = Optional.empty();
    boolean retried =
        switch (failure.kind()) {
          case RETRY, REOPEN -> true;
          case REFUSED, LOST -> false;
        };
    counts = retried ? counts.plusFailed() : counts.plusRefused();
    state =
        retried
            ? WriteState.RetryWait.after(state, failure.why(), failure.at(), rules)
            : WriteState.failedForGood(failure);
    return !retried;
  }

  void lost(String why) {
    state = new WriteState.Unreachable(why);
    pending = Optional.empty();
  }

  /** What was refused before may be accepted now. */
  void forgiveRefusal() {
    if (state instanceof WriteState.WriteRefused) {
      state = new WriteState.Ready();
    }
  }

  /** The next change does not wait for the minimum dwell. */
  void decideAtOnce() {
    changedAt = Optional.empty();
    limits.retryGivenUp();
  }

  /** Chase stops: the next try is at once, also after a refusal; later failures wait as usual. */
  void stopping(Instant at) {
    if (state instanceof WriteState.RetryWait wait) {
      state = wait.dueAt(at);
    }
    forgiveRefusal();
    limits.resume();
  }

  /** Whatever kept Chase off this GPU is forgotten, unless the GPU is lost. */
  void resume() {
    if (!(state instanceof WriteState.Unreachable)) {
      state = new WriteState.Ready();
    }
    changedAt = Optional.empty();
    limits.resume();
  }

  /** Drops what ran out by {@code at}. */
  void expire(Instant at) {
    if (state instanceof WriteState.ExternalLimit external && !at.isBefore(external.until())) {
      state = new WriteState.Ready();
    }
  }

  /**
   * The order that brings the GPU to {@code target}, if one is due.
   *
   * @param range the limits that the GPU may have
   */
  Optional<Order> order(Watts target, PowerRange range, Instant at) {
    boolean waits =
        pending.isPresent()
            || (state instanceof WriteState.RetryWait wait && at.isBefore(wait.until()));
    if (waits) {
      return Optional.empty();
    }
    pending =
        limits
            .requestFor(target, range)
            .map(request ->
                new Order(
                    gpu, request, limits.current().orElseThrow(), limits.original().orElseThrow()));
    return pending;
  }

  /** The write that was given up, while {@code target} is not in force because of that. */
  Optional<IneffectiveWrite> givenUp(Optional<Watts> target) {
    boolean unmet =
        limits
            .current()
            .flatMap(now -> target.filter(limit -> !limit.sameLimitAs(now)))
            .isPresent();
    return limits
        .ineffective()
        .filter(write -> unmet && pending.isEmpty() && state instanceof WriteState.Ready);
  }
}
