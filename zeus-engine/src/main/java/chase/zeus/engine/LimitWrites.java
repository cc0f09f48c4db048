package chase.zeus.engine;

import chase.zeus.engine.GpuView.WriteCounts;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.ProfilingEvent;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The writes to one card: the one on its way, what came of those before, and whether more may
 * follow. Used by the engine's thread only.
 */
final class LimitWrites {
  private final GpuId gpu;
  private final SafetyRules rules;
  private final LimitTracker limits;
  private WriteState state = new WriteState.Ready();
  private Optional<Order> pending = Optional.empty();
  private Optional<Instant> changedAt = Optional.empty();
  private WriteCounts counts = WriteCounts.NONE;

  LimitWrites(GpuId gpu, SafetyRules rules, LimitTracker limits) {
    this.gpu = gpu;
    this.rules = rules;
    this.limits = limits;
  }

  /** Whether the card may be written now. */
  WriteState state() {
    return state;
  }

  /** Whether a write is on its way. */
  boolean isPending() {
    return pending.isPresent();
  }

  WriteCounts counts() {
    return counts;
  }

  /** When a limit was last set, unless the next change need not wait for that. */
  Optional<Instant> changedAt() {
    return changedAt;
  }

  /** The driver came back. */
  void reopened() {
    state = new WriteState.Ready();
    pending = Optional.empty();
  }

  /** Compares the limits that a card shows with those that Chase knows. */
  void observe(PowerLimits seen, Instant at) {
    boolean onItsWay = pending.isPresent() && seen.requested().sameLimitAs(pending.get().limit());
    if (!onItsWay && !limits.observe(seen)) {
      adopt(seen, at);
    }
  }

  /** Somebody else set the limit: theirs is the one to put back, and the card is left alone. */
  void adopt(PowerLimits theirs, Instant at) {
    limits.adopt(theirs);
    pending = Optional.empty();
    state = new WriteState.ExternalLimit(theirs.requested(), at.plus(rules.handsOff()));
    counts = counts.plusForeign();
  }

  /**
   * What a card shows straight after a write is its driver's answer, whatever was asked.
   *
   * @param range the limits that the card may have
   * @return whether the write was given up
   */
  boolean applied(Event.LimitApplied applied, PowerRange range) {
    Optional<Order> order = pending;
    pending = Optional.empty();
    if (order.isEmpty()) {
      limits.recordWrite(applied.readBack());
      return false;
    }
    LimitTracker.WriteOutcome outcome = limits.readBack(order.get(), applied.readBack(), range);
    switch (outcome) {
      case MET -> {
        counts = counts.plusApplied();
        changedAt = Optional.of(applied.at());
        state = new WriteState.Ready();
      }
      case UNMET -> {
        counts = counts.plusFailed();
        String why = limits.unmet().orElseThrow().text();
        state = WriteState.RetryWait.after(state, why, applied.at(), rules);
      }
      case GIVEN_UP -> {
        counts = counts.plusFailed();
        state = new WriteState.Ready();
      }
    }
    return outcome == LimitTracker.WriteOutcome.GIVEN_UP;
  }

  /** A write failed; answers whether for good. */
  boolean failed(Event.LimitFailed failure) {
    limits.doubt(failure.limit());
    pending = Optional.empty();
    boolean passing = WriteState.isPassing(failure);
    counts = passing ? counts.plusFailed() : counts.plusRefused();
    state =
        passing
            ? WriteState.RetryWait.after(state, failure.why(), failure.at(), rules)
            : WriteState.forGood(failure);
    return !passing;
  }

  void lost(String why) {
    state = new WriteState.Unreachable(why);
    pending = Optional.empty();
  }

  /** What was refused before may be done now. */
  void forgiveRefusal() {
    if (state instanceof WriteState.WriteRefused) {
      state = new WriteState.Ready();
    }
  }

  /** Somebody wants something else now, which does not wait for the dwell. */
  void decideAtOnce() {
    changedAt = Optional.empty();
    limits.retryGivenUp();
  }

  /** The stop tries at once, also what was refused; what fails then waits as ever. */
  void stopping(Instant at) {
    if (state instanceof WriteState.RetryWait retrying) {
      state = retrying.dueAt(at);
    }
    forgiveRefusal();
    limits.resume();
  }

  /** Whatever kept Chase off this card is forgotten, unless the card is gone. */
  void resume() {
    if (!(state instanceof WriteState.Unreachable)) {
      state = new WriteState.Ready();
    }
    changedAt = Optional.empty();
    limits.resume();
  }

  /** Time passed: what ran out is forgotten. */
  void expire(Instant at) {
    if (state instanceof WriteState.ExternalLimit handsOff && !at.isBefore(handsOff.until())) {
      state = new WriteState.Ready();
    }
  }

  /**
   * The order that brings the card to {@code wish}, if one is due.
   *
   * @param range the limits that the card may have
   */
  Optional<Order> order(Watts wish, PowerRange range, Instant at) {
    boolean waits =
        pending.isPresent()
            || (state instanceof WriteState.RetryWait retrying && at.isBefore(retrying.until()));
    if (waits) {
      return Optional.empty();
    }
    pending =
        limits
            .requestFor(wish, range)
            .map(ask ->
                new Order(
                    gpu, ask, limits.current().orElseThrow(), limits.original().orElseThrow()));
    return pending;
  }

  /** The write that was given up, while {@code wish} is not in force because of that. */
  Optional<LimitTracker.IneffectiveWrite> givenUp(Optional<Watts> wish) {
    boolean unmet =
        limits.current().flatMap(now -> wish.filter(limit -> !limit.sameLimitAs(now))).isPresent();
    return limits
        .unmet()
        .filter(write -> unmet && pending.isEmpty() && state instanceof WriteState.Ready);
  }

  /** Whether a card may be written now, apart from what anybody wants of it. */
  sealed interface WriteState {
    /** Nothing speaks against it. */
    record Ready() implements WriteState {}

    /** Somebody else set {@code foreign}; theirs stays until {@code until}. */
    record ExternalLimit(Watts foreign, Instant until) implements WriteState {}

    /** The last write failed in passing, for the {@code tries}th time in a row. */
    record RetryWait(String why, Instant until, int tries) implements WriteState {
      /** Doubling the wait more often than this would pass any sensible cap. */
      private static final int MOST_DOUBLINGS = 10;

      /** The wait after a failure at {@code at}, twice as long as that before it. */
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

    /** The last write was refused. */
    record WriteRefused(String why) implements WriteState {}

    /** The card is gone. */
    record Unreachable(String why) implements WriteState {}

    /** Why no policy may decide about the card; empty when one may. */
    default Optional<ProfilingEvent.AbortReason> hindrance() {
      return switch (this) {
        case Ready f -> Optional.empty();
        case RetryWait r -> Optional.empty();
        case ExternalLimit h -> Optional.of(ProfilingEvent.AbortReason.FOREIGN_WRITE);
        case WriteRefused r -> Optional.of(ProfilingEvent.AbortReason.WRITE_REFUSED);
        case Unreachable l -> Optional.of(ProfilingEvent.AbortReason.GPU_LOST);
      };
    }

    /**
     * Why a limit cannot be set by hand; empty when nothing in the card's standing is against it.
     */
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
    static WriteState forGood(Event.LimitFailed failure) {
      return failure.kind() == GpuException.Kind.LOST
          ? new Unreachable(failure.why())
          : new WriteRefused(failure.why());
    }
  }
}
