package chase.zeus.engine;

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
  private Optional<OverrideHold> override = Optional.empty();
  private Optional<Lease> lease = Optional.empty();

  /** The lease before the last request, which counts again when that cannot be carried out. */
  private Optional<Lease> before = Optional.empty();

  private record OverrideHold(Watts limit, Instant until) {}

  void pause(Event.GpuPaused paused) {
    pause = Optional.of(new OperatorPause(paused.at(), paused.until()));
  }

  void resume() {
    pause = Optional.empty();
  }

  Optional<OperatorPause> pause() {
    return pause;
  }

  void override(Watts limit, Instant until) {
    override = Optional.of(new OverrideHold(limit, until));
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
