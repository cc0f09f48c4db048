package chase.zeus.engine;

import chase.zeus.engine.JobView.PauseAdvice;
import chase.zeus.unit.Watts;
import java.util.Optional;

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
