package chase.zeus.engine;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Situation;
import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * What was decided about a job's GPUs.
 *
 * @param policy who decides
 * @param input by what
 * @param target what they should have
 */
record Case(PowerPolicy policy, Situation input, TargetLimit target) {
  Case withTarget(TargetLimit other) {
    return new Case(policy, input, other);
  }

  Optional<Foresight> nextDecision() {
    return target
        .advice()
        .flatMap(Advice::until)
        .filter(until -> until.isAfter(input.at()))
        .map(until -> new Foresight(policy, input, until));
  }

  boolean pauses() {
    return target.advice().filter(Advice::pause).isPresent();
  }

  /** The limit that is meant; the one found is above all that may be chosen. */
  Watts limit() {
    return target.limit().orElse(new Watts(Double.MAX_VALUE));
  }
}
