package chase.zeus.profile;

import chase.zeus.profile.MeasuredProfile.MeasuredPoint;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Selects the limit whose measurement is worth most. First the highest; then down in large steps
 * until energy a step rises again or the floor is reached; then where the curve may differ most
 * from its fit. Between two measured points a concave curve lies above their chord and below the
 * neighbouring chords drawn on (the sandwich of Rote 1992); the fit runs about half way.
 *
 * @param plan the candidates
 * @param known the points that are known precisely enough, of limits that the plan covers
 */
record LimitSelector(ProfilingPlan plan, MeasuredProfile known) {
  /** The way down takes about this many steps. */
  private static final double STEPS_DOWN = 3;

  /** Empty when no other limit is worth its cost. */
  Optional<Watts> select() {
    if (known.at(plan.highest()).isEmpty()) {
      return Optional.of(plan.highest());
    }
    return goDown().or(this::refine);
  }

  private Optional<Watts> goDown() {
    List<MeasuredPoint> points = known.points();
    MeasuredPoint lowest = points.getFirst();
    List<Watts> below = plan.below(lowest.limit());
    if (below.isEmpty() || points.stream().anyMatch(lowest::isSlowerAndLessEfficient)) {
      return Optional.empty();
    }
    int step = (int) Math.ceil((plan.limits().size() - 1) / STEPS_DOWN);
    return Optional.of(below.get(Math.min(step, below.size()) - 1));
  }

  private Optional<Watts> refine() {
    return known
        .toPowerProfile()
        .map(PowerProfile::points)
        .flatMap(points ->
            IntStream.range(0, points.size() - 1)
                .mapToObj(left -> new Gap(points, left))
                .filter(gap -> gap.candidate().isPresent() && gap.isWorthwhile())
                .max(Comparator.comparingDouble(Gap::uncertainty)))
        .flatMap(Gap::candidate);
  }

  /** The gap between a measured point and the next. */
  private final class Gap {
    private final List<Point> points;
    private final int left;

    private Gap(List<Point> points, int left) {
      this.points = points;
      this.left = left;
    }

    private Point low() {
      return points.get(left);
    }

    private Point high() {
      return points.get(left + 1);
    }

    /** A limit that was measured and left out of the profile is not a candidate. */
    private Optional<Watts> candidate() {
      return plan.between(low().limit(), high().limit()).stream()
          .filter(limit -> known.at(limit).isEmpty())
          .findFirst();
    }

    private boolean isWorthwhile() {
      return uncertainty() > plan.rules().precision()
          && (!isBelowMostEfficient() || maySaveEnergy());
    }

    /** How far the curve may be from its fit, as a share of the throughput. */
    private double uncertainty() {
      double watts = watts(left);
      if (!(watts > 0)) {
        return 0;
      }
      double own = slope(left);
      double right = left + 2 < points.size() ? Math.abs(own - slope(left + 1)) : Math.abs(own);
      double height =
          left == 0 ? watts * right : sandwich(watts, Math.abs(slope(left - 1) - own), right);
      return height / 2 / middle();
    }

    /** The height over the chord at which two lines that leave its ends steeper would meet. */
    private double sandwich(double width, double leftSlope, double rightSlope) {
      double both = leftSlope + rightSlope;
      return both == 0 ? 0 : width * leftSlope * rightSlope / both;
    }

    private double middle() {
      return (low().throughput() + high().throughput()) / 2;
    }

    private boolean isBelowMostEfficient() {
      return high().limit().compareTo(mostEfficient().limit()) <= 0;
    }

    /** Below the most efficient limit a slower one is useful only if it is still more efficient. */
    private boolean maySaveEnergy() {
      double watts = (low().power().value() + high().power().value()) / 2;
      double atBest = watts / (middle() * (1 + 2 * uncertainty()));
      return atBest < mostEfficient().joulesPerStep() * (1 - plan.rules().precision());
    }

    private Point mostEfficient() {
      return points.stream().min(Comparator.comparingDouble(Point::joulesPerStep)).orElseThrow();
    }

    private double watts(int from) {
      return points.get(from + 1).power().value() - points.get(from).power().value();
    }

    /** Throughput a watt; 0 where the draw does not rise. */
    private double slope(int from) {
      double watts = watts(from);
      double work = points.get(from + 1).throughput() - points.get(from).throughput();
      return watts > 0 ? work / watts : 0;
    }
  }
}
