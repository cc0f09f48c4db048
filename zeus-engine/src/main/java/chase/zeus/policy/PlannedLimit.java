package chase.zeus.policy;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.policy.EnergyPlan.PlanSlot;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a policy would set in one period ahead, if everything went as it expects.
 *
 * @param from the period's start
 * @param to its end, excluded
 * @param limit the mean limit while the job runs
 * @param pausedShare the share of the period in which the job pauses, or has ended, 0 to 1
 */
public record PlannedLimit(Instant from, Instant to, Watts limit, double pausedShare) {
  /** Shorter periods, in seconds, are rounding errors. */
  private static final double SHORTEST = 1e-3;

  /** Decides anew at the start of each period, as a policy does that plans nothing. */
  static List<PlannedLimit> periodByPeriod(PowerPolicy policy, PolicyInput input) {
    List<PlannedLimit> ahead = new ArrayList<>();
    for (Slot slot : input.outlook().map(EnergyOutlook::slots).orElse(List.of())) {
      if (slot.to().isAfter(input.at())) {
        Instant from = slot.from().isAfter(input.at()) ? slot.from() : input.at();
        decided(policy.decide(at(input, from)), from, slot.to()).ifPresent(ahead::add);
      }
    }
    return List.copyOf(ahead);
  }

  private static PolicyInput at(PolicyInput input, Instant from) {
    return new PolicyInput(
        input.allowed(),
        input.profile(),
        input.outlook(),
        from,
        input.progress(),
        Optional.empty());
  }

  private static Optional<PlannedLimit> decided(PolicyDecision decision, Instant from, Instant to) {
    return switch (decision) {
      case PolicyDecision.Limit limit -> Optional.of(new PlannedLimit(from, to, limit.limit(), 0));
      case PolicyDecision.Pause pause -> Optional.of(new PlannedLimit(from, to, pause.limit(), 1));
      case PolicyDecision.NeedsSignal n -> Optional.empty();
      case PolicyDecision.NeedsProfile n -> Optional.empty();
    };
  }

  /**
   * What a budget's plans come to until the outlook ends, or the job does.
   *
   * @param budget the job's budget now
   * @param curve the levels that the job runs at
   */
  static List<PlannedLimit> underBudget(
      JobBudget budget, EnergyOutlook outlook, Instant now, OperatingCurve curve) {
    List<PlannedLimit> ahead = new ArrayList<>();
    Instant end = outlook.slots().getLast().to();
    JobBudget left = budget;
    Instant from = now;
    while (JobProgress.seconds(from, end) > SHORTEST) {
      Optional<EnergyPlan> plan = left.plan(outlook, from, curve);
      if (plan.isEmpty()) {
        ahead.add(new PlannedLimit(from, end, curve.limit(curve.levels() - 1).orElseThrow(), 0));
        break;
      }
      for (int i = 0; i < plan.get().slots().size(); i++) {
        PlanSlot slot = plan.get().slots().get(i);
        double rate = plan.get().work(i) / slot.seconds();
        Instant to = from.plusNanos(Math.max(1, Math.round(slot.seconds() * 1e9)));
        ahead.add(inSlot(slot.curve(), rate, from, to));
        left = left.expectedAt(to, rate);
        from = to;
      }
      if (budget.progress().remaining().isPresent()) {
        break;
      }
    }
    return List.copyOf(ahead);
  }

  /** A rate between two levels is reached by mixing them in time. */
  private static PlannedLimit inSlot(OperatingCurve curve, double rate, Instant from, Instant to) {
    int lower = curve.levelBelow(rate);
    int upper = Math.min(lower + 1, curve.levels() - 1);
    double gap = curve.rate(upper) - curve.rate(lower);
    double share = gap > 0 ? Math.clamp((rate - curve.rate(lower)) / gap, 0, 1) : 1;
    Watts fast = curve.limit(upper).orElseThrow();
    return curve
        .limit(lower)
        .map(slow -> new PlannedLimit(from, to, mix(slow, fast, share), 0))
        .orElseGet(() -> new PlannedLimit(from, to, fast, 1 - share));
  }

  private static Watts mix(Watts slow, Watts fast, double share) {
    return new Watts(slow.value() * (1 - share) + fast.value() * share);
  }
}
