package chase.zeus.policy;

import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import java.util.function.ToDoubleFunction;

/**
 * The cheapest blend of energy and time, {@code (eta P + (1 - eta) Pmax) / throughput} (Zeus,
 * NSDI'23, equation 7), where Pmax is the highest limit of the profile.
 *
 * @param eta 1 counts energy alone, 0 time alone
 */
record ZeusCost(double eta) implements PowerPolicy {
  ZeusCost {
    eta = PolicyParser.requireEta(eta);
  }

  @Override
  public PolicyDecision decide(PolicyInput input) {
    return input
        .profile()
        .map(profile -> cheapest(input, profile))
        .orElseGet(PolicyDecision.NeedsProfile::new);
  }

  private PolicyDecision cheapest(PolicyInput input, PowerProfile profile) {
    double time = (1 - eta) * profile.highestLimit().value();
    return cheapest(
        input, profile, point -> (eta * point.power().value() + time) / point.throughput());
  }

  @Override
  public PolicyKind kind() {
    return PolicyKind.ZEUS;
  }

  @Override
  public boolean weighsEnergy() {
    return true;
  }

  @Override
  public String spec() {
    return "zeus:" + PolicyParser.text(eta);
  }

  /**
   * The allowed limit with the lowest cost. Of equal costs the higher limit wins, as in Zeus, which
   * goes through the limits from high to low and moves only to a cheaper one.
   */
  static PolicyDecision cheapest(
      PolicyInput input, PowerProfile profile, ToDoubleFunction<Point> cost) {
    return profile
        .within(input.allowed())
        .<PolicyDecision>map(allowed -> new PolicyDecision.Limit(cheapest(allowed, cost).limit()))
        .orElseGet(PolicyDecision.NeedsProfile::new);
  }

  private static Point cheapest(PowerProfile profile, ToDoubleFunction<Point> cost) {
    Point best = profile.points().getLast();
    for (Point point : profile.points().reversed()) {
      if (cost.applyAsDouble(point) < cost.applyAsDouble(best)) {
        best = point;
      }
    }
    return best;
  }
}
