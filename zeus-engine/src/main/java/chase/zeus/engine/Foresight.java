package chase.zeus.engine;

import chase.zeus.policy.InForce;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Situation;
import chase.zeus.policy.Verdict;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/**
 * What a policy would do next if nothing but time passed. Immutable; whoever wants to know works it
 * out.
 *
 * @param policy the policy
 * @param input the situation at its last decision
 * @param at when it wants to be asked again
 */
public record Foresight(PowerPolicy policy, Situation input, Instant at) {
  /** What the policy would answer at {@link #at} about a card that has {@code limit} by then. */
  public Verdict evaluate(Watts limit) {
    return policy.judge(
        new Situation(
            input.allowed(),
            input.profile(),
            input.outlook(),
            at,
            input.progress(),
            Optional.of(new InForce(limit, Optional.empty()))));
  }
}
