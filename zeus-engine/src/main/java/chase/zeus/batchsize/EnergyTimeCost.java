package chase.zeus.batchsize;

import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;

/**
 * What energy and time cost together, in joules: {@code eta E + (1 - eta) Pmax T} (Zeus, NSDI'23,
 * equation 2), where E counts weighted joules.
 *
 * @param eta 1 counts energy alone, 0 time alone
 * @param maxPower the highest power limit of all GPUs that the job holds together; what a second
 *     costs
 */
public record EnergyTimeCost(double eta, Watts maxPower) {
  /** The maximum plausible power: more than the largest clusters draw. */
  public static final double MAX_WATTS = 1e9;

  /** Refuses an eta outside 0 to 1 and a power of zero with {@link IllegalArgumentException}. */
  public EnergyTimeCost {
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta must lie in 0 to 1: " + eta);
    }
    if (maxPower.value() == 0) {
      throw new IllegalArgumentException("the maximum power must be above 0 W");
    }
    if (maxPower.value() > MAX_WATTS) {
      throw new IllegalArgumentException(
          "the maximum power must be at most %s W: %s".formatted(MAX_WATTS, maxPower));
    }
  }

  /** The cost of {@code usage} in joules. */
  public double of(TrialUsage usage) {
    return eta * usage.weightedJoules() + (1 - eta) * maxPower.value() * usage.seconds();
  }

  /**
   * The cost of one epoch under the limit of {@code point}, whose throughput is epochs a second.
   */
  public double ofEpoch(Point point) {
    return ofEpoch(point, 1);
  }

  /** The same when a joule weighs {@code weight}. */
  double ofEpoch(Point point, double weight) {
    double watts = eta * weight * point.power().value() + (1 - eta) * maxPower.value();
    return watts / point.throughput();
  }

  /** The point whose epoch costs least; the higher limit of two that cost the same. */
  public Point cheapest(PowerProfile profile) {
    return cheapest(profile, 1);
  }

  /** The same when a joule weighs {@code weight}. */
  Point cheapest(PowerProfile profile, double weight) {
    Point best = profile.points().getLast();
    for (Point point : profile.points().reversed()) {
      if (ofEpoch(point, weight) < ofEpoch(best, weight)) {
        best = point;
      }
    }
    return best;
  }
}
