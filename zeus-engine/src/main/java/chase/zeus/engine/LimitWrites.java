package chase.zeus.engine;

import chase.zeus.engine.GpuView.WriteCounts;
import chase.zeus.engine.LimitHold.TargetLimit;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.ClockEventReason;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import chase.zeus.writes.RaiseSlew;
import chase.zeus.writes.ReadBacks.IneffectiveWrite;
import chase.zeus.writes.ReadBacks.WriteOutcome;
import chase.zeus.writes.RivalBackOff;
import chase.zeus.writes.WritePace;
import chase.zeus.writes.WritePace.Change;
import chase.zeus.writes.WritePace.Pace;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The writes to one GPU: the pending one, the result of those before, and whether more may follow.
 * Used by the engine's thread only.
 */
final class LimitWrites {
  /** An external process may overwrite a lease this often before the lease gives way to it. */
  private static final int MOST_RETRIES_FOR_LEASE = 2;

  private final GpuId gpu;
  private SafetyRules rules;
  private final LimitTracker limits;
  private final WritePace pace;
  private WriteState state = new WriteState.Ready();
  private RivalBackOff rival = RivalBackOff.NONE;
  private Optional<Order> pending = Optional.empty();

  /** Whether the pending order brings the GPU to its target, and not only nearer to it. */
  private boolean last = true;

  /** What keeps the GPU from its target now, beside its state; empty while nothing does. */
  private Optional<Pace> held = Optional.empty();

  private Optional<Instant> changedAt = Optional.empty();
  private WriteCounts counts = WriteCounts.NONE;

  LimitWrites(GpuId gpu, SafetyRules rules, LimitTracker limits) {
    this.gpu = gpu;
    this.rules = rules;
    this.limits = limits;
    this.pace = new WritePace(rules.writes());
  }

  void apply(SafetyRules changed) {
    rules = changed;
    pace.apply(changed.writes());
  }

  /** Whether the GPU may be written now. */
  WriteState state() {
    return state;
  }

  /** Whether an order is pending, or will follow on its own. */
  boolean isPending() {
    return pending.isPresent() || held.filter(Pace.UnderWay.class::isInstance).isPresent();
  }

  WriteCounts counts(Instant at) {
    return counts.withLeft(pace.budget().left(at));
  }

  /** Whether Chase may decide about no lower limit, because the hour has no more writes. */
  boolean isSpent(Instant at) {
    return pace.budget().left(at) == 0;
  }

  /** When a limit was last set; empty when the next change need not wait for the dwell. */
  Optional<Instant> changedAt() {
    return changedAt;
  }

  /** The driver came back; what Chase gives way to lasts for longer than that. */
  void reopened(Instant at) {
    state =
        limits
            .current()
            .filter(shown -> at.isBefore(rival.until()))
            .<WriteState>map(shown -> new WriteState.ExternalLimit(shown, rival))
            .orElseGet(WriteState.Ready::new);
    pending = Optional.empty();
  }

  /** Compares the limits that a GPU shows with those that Chase knows. */
  void observe(PowerLimits seen, Instant at) {
    boolean ordered = pending.isPresent() && seen.requested().sameLimitAs(pending.get().limit());
    if (!ordered && !limits.observe(seen)) {
      adopt(seen, at);
    }
  }

  /**
   * An external process set the limit: it becomes the original, and stays for a while; each time
   * that Chase's limit is overwritten, for longer.
   */
  void adopt(PowerLimits external, Instant at) {
    boolean givingWay = state instanceof WriteState.ExternalLimit;
    pending = Optional.empty();
    if (givingWay && limits.shows(external.requested())) {
      return; // a reading had it before the order that was dropped because of it
    }
    limits.adopt(external);
    rival = rival.after(at, givingWay, rules.handsOff(), rules.writes().longestHandsOff());
    state = new WriteState.ExternalLimit(external.requested(), rival);
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
    pace.written(last, applied.at());
    if (order.isEmpty()) {
      limits.recordWrite(applied.readBack());
      return false;
    }
    WriteOutcome outcome = limits.readBack(order.get(), applied.readBack(), range);
    switch (outcome) {
      case MET -> {
        counts = counts.plusApplied();
        changedAt = last ? Optional.of(applied.at()) : changedAt;
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
    pace.written(last, failure.at());
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

  void lost(Event.GpuLost lost) {
    boolean released = lost.how() == GpuView.GpuContact.ContactState.RELEASED;
    state = new WriteState.Unreachable(lost.why(), released);
    if (pending.isPresent()) {
      pace.written(last, lost.at()); // it may have reached the GPU
    }
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

  /**
   * A lease's holder requests a limit, which is tried whatever kept Chase off the GPU; but one who
   * renews a lease again and again does not make Chase overwrite an external process for them.
   */
  void retryForLease() {
    if (!(state instanceof WriteState.ExternalLimit) || rival.inARow() <= MOST_RETRIES_FOR_LEASE) {
      retry();
    }
  }

  /** Whatever kept Chase off this GPU is forgotten, unless the GPU is lost. */
  void resume() {
    rival = RivalBackOff.NONE;
    retry();
  }

  private void retry() {
    if (!(state instanceof WriteState.Unreachable)) {
      state = new WriteState.Ready();
    }
    changedAt = Optional.empty();
    limits.resume();
  }

  /** Drops what ran out by {@code at}. */
  void expire(Instant at) {
    if (state instanceof WriteState.ExternalLimit external
        && !at.isBefore(external.rival().until())) {
      state = new WriteState.Ready();
    }
  }

  /**
   * The order that brings the GPU to its target, or nearer to it, if one is due.
   *
   * @param range the limits that the GPU may have
   * @param slew how fast the host's limits may rise
   */
  Optional<Order> order(
      TargetLimit target, PowerRange range, GpuTelemetry telemetry, RaiseSlew slew, Instant at) {
    boolean waits =
        pending.isPresent()
            || rules.mode() != SafetyRules.Mode.CONTROL
            || (state instanceof WriteState.RetryWait wait && at.isBefore(wait.until()));
    Optional<Watts> due =
        target.limit().filter(limit -> !waits && limits.requestFor(limit, range).isPresent());
    Optional<Pace> next =
        due.map(limit -> pace.next(change(limit, target.reason(), telemetry, at), slew, at));
    hold(next.filter(step -> !(step instanceof Pace.Due)));
    if (!(next.orElse(null) instanceof Pace.Due(Watts limit, boolean whole))) {
      return Optional.empty();
    }
    last = whole;
    pending =
        limits
            .requestFor(limit, range)
            .or(() -> limits.requestFor(due.orElseThrow(), range))
            .map(request ->
                new Order(
                    gpu, request, limits.current().orElseThrow(), limits.original().orElseThrow()));
    pending.ifPresent(order -> slew.raised(order.raisesBy(), at));
    return pending;
  }

  private Change change(Watts limit, Reason why, GpuTelemetry telemetry, Instant at) {
    return new Change(
        limits.current().orElseThrow(),
        limit,
        limits.original().orElse(limit),
        why.cause(),
        telemetry.asOf(at).flatMap(GpuReading::power),
        !telemetry.slowdowns(at).isEmpty());
  }

  private void hold(Optional<Pace> pace) {
    boolean goesOn = pace.isPresent() && held.map(Pace::getClass).equals(pace.map(Pace::getClass));
    if (!goesOn && pace.filter(why -> !(why instanceof Pace.UnderWay)).isPresent()) {
      counts = counts.plusHeld();
    }
    held = pace;
  }

  /**
   * Why the GPU is where it is: a limit that its driver does not keep, or that is not set now, is a
   * reason of its own.
   *
   * @param slowdowns what of the hardware slows the GPU
   */
  Reason reason(TargetLimit target, Set<ClockEventReason> slowdowns) {
    return givenUp(target.limit())
        .<Reason>map(write -> new Reason.WithoutEffect(write.text()))
        .or(() ->
            held.flatMap(why ->
                switch (why) {
                  case Pace.Spent(int perHour, Instant until) ->
                      target.limit().map(limit -> new Reason.WritesSpent(limit, perHour, until));
                  case Pace.Slowed _ ->
                      target.limit().map(limit -> new Reason.SlowedByHardware(limit, slowdowns));
                  case Pace.UnderWay _, Pace.Due _ -> Optional.empty();
                }))
        .orElse(target.reason());
  }

  /** The write that was given up, while {@code target} is not in force because of that. */
  private Optional<IneffectiveWrite> givenUp(Optional<Watts> target) {
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
