package chase.zeus.engine;

import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * What a card should have.
 *
 * @param limit the limit; empty when nobody can set one
 * @param reason why; it alone tells whether the minimum dwell holds a change up
 * @param advice what the policy says beyond the limit, while it decides
 */
record TargetLimit(Optional<Watts> limit, Reason reason, Optional<JobView.Advice> advice) {
  /** A wish of somebody else than the policy. */
  TargetLimit(Optional<Watts> limit, Reason reason) {
    this(limit, reason, Optional.empty());
  }
}
