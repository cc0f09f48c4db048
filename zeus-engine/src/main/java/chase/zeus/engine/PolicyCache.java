package chase.zeus.engine;

import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PolicyDecision;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the last decision of each policy, and lets a policy decide again only when the decision may
 * be another: when its input has changed, or when the time that it named has come. Used by the
 * engine's thread only.
 */
final class PolicyCache {
  /** Progress as expected changes no decision within this time of the grid. */
  private static final Duration WORK_SETTLES = Duration.ofSeconds(10);

  /** A job has fewer policies at a time; the others are left over from before. */
  private static final int MOST = 8;

  private final Map<PowerPolicy, CachedDecision> decisions = new HashMap<>();
  private Optional<WithHost> lastSum = Optional.empty();

  /** A profile and the same with the host's draw: one object while neither changes. */
  private record WithHost(PowerProfile profile, Watts host, PowerProfile sum) {}

  /**
   * A decision and its input.
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
          && progressHolds(now);
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

    private boolean progressHolds(PolicyInput now) {
      if (input.progress().equals(now.progress())) {
        return true;
      }
      return input.progress().isPresent()
          && now.progress().isPresent()
          && sameKind(input.progress().get(), now.progress().get())
          && now.at().isBefore(input.at().plus(settling(now)));
    }

    private static Duration settling(PolicyInput now) {
      double speed = now.outlook().map(EnergyOutlook::speed).orElse(1.0);
      return Duration.ofNanos(Math.round(WORK_SETTLES.toNanos() / speed));
    }

    private static boolean sameKind(JobProgress then, JobProgress now) {
      return then.pause().equals(now.pause())
          && then.deadline().equals(now.deadline())
          && then.remaining().isPresent() == now.remaining().isPresent();
    }
  }

  private static double weightIn(PolicyInput input) {
    return input.outlook().map(outlook -> outlook.weightAt(input.at())).orElse(0.0);
  }

  /**
   * The profile with the draw of the host added. The same object as before where nothing changed,
   * so that to compare the inputs of two decisions costs nothing.
   */
  PowerProfile withHost(PowerProfile profile, Watts host) {
    return lastSum
        .filter(last -> last.profile().equals(profile) && last.host().equals(host))
        .orElseGet(() -> {
          var sum = new WithHost(profile, host, profile.plus(host));
          lastSum = Optional.of(sum);
          return sum;
        })
        .sum();
  }

  /** What {@code policy} decides on {@code input}. */
  PolicyDecision decide(PowerPolicy policy, PolicyInput input) {
    CachedDecision last = decisions.get(policy);
    if (last != null && last.holds(input)) {
      return last.decision();
    }
    if (decisions.size() >= MOST) {
      decisions.clear();
    }
    PolicyDecision decision = policy.decide(input);
    decisions.put(policy, new CachedDecision(input, weightIn(input), decision));
    return decision;
  }
}
