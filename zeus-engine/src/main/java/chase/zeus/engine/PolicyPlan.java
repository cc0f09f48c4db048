package chase.zeus.engine;

import chase.zeus.policy.PlannedLimit;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PowerPolicy;
import java.util.List;

/**
 * What a policy has in mind beyond its last decision; evaluated only where it is shown.
 *
 * @param policy the policy
 * @param input what its last decision was based on
 */
public record PolicyPlan(PowerPolicy policy, PolicyInput input) {
  /** The limits ahead, period by period, as far as the outlook goes; takes some milliseconds. */
  public List<PlannedLimit> ahead() {
    return policy.plan(input);
  }
}
