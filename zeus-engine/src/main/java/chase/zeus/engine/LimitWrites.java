package chase.zeus.engine;

import chase.zeus.engine.GpuView.WriteCounts;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
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
  private Standing state = new Standing.Ready();
  private Optional<Order> pending = Optional.empty();
  private Optional<Instant> changedAt = Optional.empty();
  private WriteCounts counts = WriteCounts.NONE;

  LimitWrites(GpuId gpu, SafetyRules rules, LimitTracker limits) {
    this.gpu = gpu;
    this.rules = rules;
    this.limits = limits;
  }

  /** Whether the card may be written now. */
  Standing state() {
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
    state = new Standing.Ready();
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
    state = new Standing.ExternalLimit(theirs.requested(), at.plus(rules.handsOff()));
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
        state = new Standing.Ready();
      }
      case UNMET -> {
        counts = counts.plusFailed();
        String why = limits.unmet().orElseThrow().text();
        state = Standing.RetryWait.after(state, why, applied.at(), rules);
      }
      case GIVEN_UP -> {
        counts = counts.plusFailed();
        state = new Standing.Ready();
      }
    }
    return outcome == LimitTracker.WriteOutcome.GIVEN_UP;
  }

  /** A write failed; answers whether for good. */
  boolean failed(Event.LimitFailed failure) {
    limits.doubt(failure.limit());
    pending = Optional.empty();
    boolean passing = Standing.isPassing(failure);
    counts = passing ? counts.plusFailed() : counts.plusRefused();
    state =
        passing
            ? Standing.RetryWait.after(state, failure.why(), failure.at(), rules)
            : Standing.forGood(failure);
    return !passing;
  }

  void lost(String why) {
    state = new Standing.Unreachable(why);
    pending = Optional.empty();
  }

  /** What was refused before may be done now. */
  void forgiveRefusal() {
    if (state instanceof Standing.WriteRefused) {
      state = new Standing.Ready();
    }
  }

  /** Somebody wants something else now, which does not wait for the dwell. */
  void decideAtOnce() {
    changedAt = Optional.empty();
    limits.retryGivenUp();
  }

  /** The stop tries at once, also what was refused; what fails then waits as ever. */
  void stopping(Instant at) {
    if (state instanceof Standing.RetryWait retrying) {
      state = retrying.dueAt(at);
    }
    forgiveRefusal();
    limits.resume();
  }

  /** Whatever kept Chase off this card is forgotten, unless the card is gone. */
  void resume() {
    if (!(state instanceof Standing.Unreachable)) {
      state = new Standing.Ready();
    }
    changedAt = Optional.empty();
    limits.resume();
  }

  /** Time passed: what ran out is forgotten. */
  void expire(Instant at) {
    if (state instanceof Standing.ExternalLimit handsOff && !at.isBefore(handsOff.until())) {
      state = new Standing.Ready();
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
            || (state instanceof Standing.RetryWait retrying && at.isBefore(retrying.until()));
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
        .filter(write -> unmet && pending.isEmpty() && state instanceof Standing.Ready);
  }
}
