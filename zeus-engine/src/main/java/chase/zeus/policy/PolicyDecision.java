package chase.zeus.policy;

import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/** The decision of a policy. */
public sealed interface PolicyDecision {
  /**
   * The best limit, always one of the allowed ones.
   *
   * @param until when the policy must decide again even if nothing happens; empty when time alone
   *     changes nothing
   */
  record Limit(Watts limit, Optional<Instant> until) implements PolicyDecision {
    /** A limit that time alone does not change. */
    public Limit(Watts limit) {
      this(limit, Optional.empty());
    }
  }

  /**
   * The job, which may pause, should do so.
   *
   * @param limit the best limit if it runs nevertheless
   * @param until when the policy must decide again
   */
  record Pause(Watts limit, Optional<Instant> until) implements PolicyDecision {}

  /** The policy weighs energy by the grid, and no signal is trusted. */
  record NeedsSignal() implements PolicyDecision {}

  /** The policy needs to know what the job achieves at the allowed limits, and that is unknown. */
  record NeedsProfile() implements PolicyDecision {}
}
