package chase.zeus.engine;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Situation;
import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * What was decided about a job's GPUs.
 *
 * @param policy who decides
 * @param situation by what
 * @param wish what they should have
 */
record Case(PowerPolicy policy, Situation situation, Wish wish) {
  Case with(Wish other) {
    return new Case(policy, situation, other);
  }

  Optional<Foresight> ahead() {
    return wish.advice()
        .flatMap(Advice::until)
        .filter(until -> until.isAfter(situation.at()))
        .map(until -> new Foresight(policy, situation, until));
  }

  boolean pauses() {
    return wish.advice().filter(Advice::pause).isPresent();
  }

  /** The limit that is meant; the one found is above all that may be chosen. */
  Watts limit() {
    return wish.limit().orElse(new Watts(Double.MAX_VALUE));
  }
}
