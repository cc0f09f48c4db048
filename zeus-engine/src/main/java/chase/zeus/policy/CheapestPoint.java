package chase.zeus.policy;

import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import java.util.function.ToDoubleFunction;

/** Finds the cheapest measured limit that is allowed. */
final class CheapestPoint {
  private CheapestPoint() {}

  /**
   * The allowed limit with the lowest cost. Of equal costs the higher limit wins, as in Zeus, which
   * visits limits from high to low and moves only to a cheaper one.
   */
  static PolicyDecision of(
      PolicyInput situation, PowerProfile profile, ToDoubleFunction<Point> cost) {
    return profile
        .within(situation.allowed())
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
