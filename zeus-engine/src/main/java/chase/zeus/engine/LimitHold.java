package chase.zeus.engine;

import chase.zeus.engine.JobView.PauseAdvice;
import chase.zeus.engine.KeptState.KeptGpu;
import chase.zeus.engine.KeptState.LimitOverride;
import chase.zeus.engine.KeptState.OperatorPause;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What holds one GPU's limit against its policy: an operator's pause, or else an override, or else
 * a lease. Used by the engine's thread only.
 */
final class LimitHold {
  private Optional<OperatorPause> pause = Optional.empty();
  private Optional<LimitOverride> override = Optional.empty();
  private Optional<Lease> lease = Optional.empty();

  /** The lease before the last request, which counts again when that cannot be carried out. */
  private Optional<Lease> before = Optional.empty();

  /**
   * The limit that a GPU should have.
   *
   * @param limit the limit; empty when none can be set
   * @param reason why; it alone says whether the minimum dwell delays a change
   * @param advice what the policy advises beyond the limit, while it decides
   */
  record TargetLimit(Optional<Watts> limit, Reason reason, Optional<PauseAdvice> advice) {
    /** A target that no policy decided. */
    TargetLimit(Optional<Watts> limit, Reason reason) {
      this(limit, reason, Optional.empty());
    }
  }

  /** What was asked for before a restart. */
  void restart(KeptGpu kept) {
    pause = kept.pause();
    override = kept.override();
    lease = kept.lease();
  }

  /** What outlives a restart of a GPU that is there at {@code now}. */
  KeptGpu kept(GpuId gpu, Instant now) {
    return new KeptGpu(gpu, pause, override, lease, now);
  }

  void pause(Event.GpuPaused paused) {
    pause = Optional.of(new OperatorPause(paused.at(), paused.until()));
  }

  void resume() {
    pause = Optional.empty();
  }

  Optional<OperatorPause> pause() {
    return pause;
  }

  void override(Event.OverrideSet set) {
    override = Optional.of(new LimitOverride(set.limit(), set.at(), set.until()));
  }

  Optional<LimitOverride> override() {
    return override;
  }

  void release() {
    override = Optional.empty();
  }

  boolean isOverridden() {
    return override.isPresent();
  }

  boolean isHeld() {
    return override.isPresent() || lease.isPresent();
  }

  Optional<Lease> lease() {
    return lease;
  }

  /** Takes or renews the lease; a request without a limit keeps the leased limit. */
  void lease(Event.LeaseTaken taken) {
    before = lease;
    Optional<Watts> limit = taken.limit().or(() -> lease.flatMap(Lease::limit));
    lease = Optional.of(new Lease(limit, taken.holder(), taken.until()));
  }

  void endLease() {
    lease = Optional.empty();
    before = Optional.empty();
  }

  /** Drops what ran out by {@code at}; returns whether a pause or a lease did. */
  boolean expire(Instant at) {
    boolean resumes = pause.isPresent() && !pause.get().holdsAt(at);
    pause = pause.filter(held -> held.holdsAt(at));
    override = override.filter(held -> at.isBefore(held.until()));
    boolean over = lease.filter(held -> !at.isBefore(held.until())).isPresent();
    if (over) {
      endLease();
    }
    return over || resumes;
  }

  /** The leased limit was refused: the lease before counts, if the GPU has its limit. */
  void failed(Predicate<Watts> isAt) {
    boolean unmet = lease.flatMap(Lease::limit).filter(limit -> !isAt.test(limit)).isPresent();
    if (unmet) {
      lease = before.filter(held -> held.limit().stream().allMatch(isAt));
      before = Optional.empty();
    }
  }

  /**
   * What the override or the lease demands; empty without either.
   *
   * @param allowed the limits that an operator may set
   * @param current the limit that the GPU has, which a lease without a limit leaves alone
   */
  Optional<TargetLimit> target(PowerRange allowed, PowerRange leasable, Optional<Watts> current) {
    return override
        .map(held ->
            new TargetLimit(
                Optional.of(allowed.clamp(held.limit())), new Reason.Overridden(held.until())))
        .or(() ->
            lease.map(held ->
                new TargetLimit(
                    held.limit().map(leasable::clamp).or(() -> current),
                    new Reason.Leased(held.holder(), held.until()))));
  }
}
