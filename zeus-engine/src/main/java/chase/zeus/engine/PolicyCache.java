package chase.zeus.engine;

import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PolicyDecision;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Asks policies, and the same one again only when its answer may be another: when something that it
 * looks at has changed, or when its own time has come. Used by the engine's thread only.
 */
final class PolicyCache {
  /** Work that goes on about as expected changes no answer within this time. */
  private static final Duration WORK_SETTLES = Duration.ofSeconds(10);

  /** More policies than a job can have at a time are left over from before. */
  private static final int MOST = 8;

  private final Map<PowerPolicy, CachedDecision> decisions = new HashMap<>();

  /**
   * An answer and what it was given on.
   *
   * @param weight what a joule weighed then; 0 without a signal
   */
  private record CachedDecision(PolicyInput input, double weight, PolicyDecision decision) {
    boolean holds(PolicyInput now) {
      return !isOver(now.at())
          && weight == weightIn(now)
          && input.allowed().equals(now.allowed())
          && input.currentLimit().equals(now.currentLimit())
          && input.profile().equals(now.profile())
          && input.outlook().equals(now.outlook())
          && isAsFar(now);
    }

    private boolean isOver(Instant now) {
      return now.isBefore(input.at()) || until().filter(end -> !now.isBefore(end)).isPresent();
    }

    private Optional<Instant> until() {
      return switch (decision) {
        case PolicyDecision.Limit limit -> limit.until();
        case PolicyDecision.Pause pause -> pause.until();
        case PolicyDecision.NeedsSignal n -> Optional.empty();
        case PolicyDecision.NeedsProfile n -> Optional.empty();
      };
    }

    private boolean isAsFar(PolicyInput now) {
      if (input.progress().equals(now.progress())) {
        return true;
      }
      return input.progress().isPresent()
          && now.progress().isPresent()
          && sameKind(input.progress().get(), now.progress().get())
          && now.at().isBefore(input.at().plus(WORK_SETTLES));
    }

    private static boolean sameKind(JobProgress then, JobProgress now) {
      return then.pause().equals(now.pause())
          && then.deadline().equals(now.deadline())
          && then.remaining().isPresent() == now.remaining().isPresent();
    }
  }

  private static double weightIn(PolicyInput situation) {
    return situation.outlook().map(outlook -> outlook.weightAt(situation.at())).orElse(0.0);
  }

  /** What {@code policy} answers in {@code situation}. */
  PolicyDecision decide(PowerPolicy policy, PolicyInput situation) {
    CachedDecision last = decisions.get(policy);
    if (last != null && last.holds(situation)) {
      return last.decision();
    }
    if (decisions.size() >= MOST) {
      decisions.clear();
    }
    PolicyDecision verdict = policy.decide(situation);
    decisions.put(policy, new CachedDecision(situation, weightIn(situation), verdict));
    return verdict;
  }
}
