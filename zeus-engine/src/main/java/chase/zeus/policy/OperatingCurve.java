package chase.zeus.policy;

import chase.zeus.profile.PowerHull;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The levels that a job may run at, from the slowest to the fastest: what each achieves as a share
 * of full power, and what it draws. Power is convex over rate. The first level may be a pause.
 */
final class OperatingCurve {
  private final double[] rates;
  private final double[] watts;
  private final double[] slopes;
  private final List<Optional<Watts>> limits;

  private OperatingCurve(double[] rates, double[] watts, List<Optional<Watts>> limits) {
    this.rates = rates;
    this.watts = watts;
    this.limits = limits;
    this.slopes = new double[rates.length - 1];
    for (int level = 0; level < slopes.length; level++) {
      slopes[level] = (watts[level + 1] - watts[level]) / (rates[level + 1] - rates[level]);
    }
  }

  /**
   * The levels of {@code hull}.
   *
   * @param fullThroughput the throughput that counts as rate 1
   */
  static OperatingCurve of(PowerHull hull, double fullThroughput) {
    List<Point> points = hull.points();
    return new OperatingCurve(
        points.stream().mapToDouble(point -> point.throughput() / fullThroughput).toArray(),
        points.stream().mapToDouble(point -> point.power().value()).toArray(),
        points.stream().map(point -> Optional.of(point.limit())).toList());
  }

  /**
   * This curve with a level that does nothing at {@code idle}, where the job may pause. Levels that
   * take more than sharing time between the pause and a faster level are dropped. A pause that
   * draws no less than the slowest level would save nothing and is left out.
   */
  OperatingCurve withPause(Optional<Watts> idle) {
    return idle.map(watts -> withPause(watts.value())).orElse(this);
  }

  private OperatingCurve withPause(double idleWatts) {
    if (idleWatts >= watts[0]) {
      return this;
    }
    int first = 0;
    while (first + 1 < rates.length
        && (watts[first + 1] - idleWatts) / rates[first + 1]
            <= (watts[first] - idleWatts) / rates[first]) {
      first++;
    }
    int levels = rates.length - first + 1;
    double[] newRates = new double[levels];
    double[] newWatts = new double[levels];
    System.arraycopy(rates, first, newRates, 1, levels - 1);
    System.arraycopy(watts, first, newWatts, 1, levels - 1);
    newWatts[0] = idleWatts;
    List<Optional<Watts>> newLimits = new ArrayList<>();
    newLimits.add(Optional.empty());
    newLimits.addAll(limits.subList(first, limits.size()));
    return new OperatingCurve(newRates, newWatts, List.copyOf(newLimits));
  }

  int levels() {
    return rates.length;
  }

  /** Work a second at a level, in seconds at full power. */
  double rate(int level) {
    return rates[level];
  }

  /** The draw at a level, in watts. */
  double watts(int level) {
    return watts[level];
  }

  double fastest() {
    return rates[rates.length - 1];
  }

  double slowest() {
    return rates[0];
  }

  /** The power limit of a level; empty for a pause. */
  Optional<Watts> limit(int level) {
    return limits.get(level);
  }

  boolean isPause(int level) {
    return limits.get(level).isEmpty();
  }

  /** What a further unit of work costs, in joules, on the way from {@code level} to the next. */
  double slope(int level) {
    return slopes[level];
  }

  /** The fastest level that is not faster than {@code rate}, or the slowest of all. */
  int levelBelow(double rate) {
    int level = 0;
    while (level + 1 < rates.length && rates[level + 1] <= rate) {
      level++;
    }
    return level;
  }

  /** The least power for {@code rate}, by mixing the two levels around it. */
  double wattsAt(double rate) {
    int level = Math.min(levelBelow(rate), Math.max(0, rates.length - 2));
    return rates.length == 1 ? watts[0] : watts[level] + (rate - rates[level]) * slope(level);
  }

  /** The rate at which a unit of work takes the least energy; never that of a pause. */
  double mostEfficientRate() {
    int best = isPause(0) ? 1 : 0;
    for (int level = best + 1; level < rates.length; level++) {
      best = watts[level] / rates[level] < watts[best] / rates[best] ? level : best;
    }
    return rates[best];
  }
}
