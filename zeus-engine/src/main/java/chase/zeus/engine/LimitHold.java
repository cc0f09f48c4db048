package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who holds one card against its policy: an operator, or else somebody who leases it. Used by the
 * engine's thread only.
 */
final class LimitHold {
  private Optional<OverrideHold> override = Optional.empty();
  private Optional<Lease> lease = Optional.empty();

  /** The lease before the last request, which counts again when that cannot be done. */
  private Optional<Lease> before = Optional.empty();

  private record OverrideHold(Watts limit, Instant until) {}

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

  /** Takes or renews the lease; a request without a limit keeps the limit that is leased. */
  void lease(Event.LeaseTaken taken) {
    before = lease;
    Optional<Watts> limit = taken.limit().or(() -> lease.flatMap(Lease::limit));
    lease = Optional.of(new Lease(limit, taken.holder(), taken.until()));
  }

  void endLease() {
    lease = Optional.empty();
    before = Optional.empty();
  }

  /** Forgets what ran out; answers whether a lease did. */
  boolean expire(Instant at) {
    override = override.filter(o -> at.isBefore(o.until()));
    boolean over = lease.filter(held -> !at.isBefore(held.until())).isPresent();
    if (over) {
      endLease();
    }
    return over;
  }

  /** The leased limit was refused: what was leased before counts, if the card has that. */
  void failed(Predicate<Watts> isThere) {
    boolean unmet = lease.flatMap(Lease::limit).filter(limit -> !isThere.test(limit)).isPresent();
    if (unmet) {
      lease = before.filter(held -> held.limit().stream().allMatch(isThere));
      before = Optional.empty();
    }
  }

  /**
   * What the holder wants; empty when nobody holds the card.
   *
   * @param allowed the limits that an operator may set
   * @param current the limit that the card has, which a lease without a limit leaves alone
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
