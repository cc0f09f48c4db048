package chase.zeus.profile;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The limits worth using: the lower convex hull of power over throughput. Any throughput between
 * two neighbours takes the least power when time is shared between these two.
 *
 * @param points at least one, from the slowest to the fastest; throughput and power both rise, and
 *     each step of throughput costs more power than the step before
 */
public record PowerHull(List<Point> points) {
  /** Refuses points that do not rise in both with {@link IllegalArgumentException}. */
  public PowerHull {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a hull needs at least one point");
    }
    for (int i = 1; i < points.size(); i++) {
      if (!rises(points.get(i - 1), points.get(i))) {
        throw new IllegalArgumentException(
            "power and throughput must rise from "
                + points.get(i - 1).limit()
                + " to "
                + points.get(i).limit());
      }
    }
  }

  private static boolean rises(Point slower, Point faster) {
    return slower.throughput() < faster.throughput()
        && slower.power().compareTo(faster.power()) < 0;
  }

  /** The hull of {@code profile}; a measured point that another dominates is not on it. */
  public static PowerHull of(PowerProfile profile) {
    List<Point> hull = new ArrayList<>();
    for (Point next : pareto(profile)) {
      while (hull.size() > 1 && isAbove(hull.getLast(), hull.get(hull.size() - 2), next)) {
        hull.removeLast();
      }
      hull.add(next);
    }
    return new PowerHull(hull);
  }

  /**
   * The Pareto-optimal points of {@code profile}, from the slowest to the fastest. Of two equal
   * ones the higher limit stays.
   */
  public static List<Point> pareto(PowerProfile profile) {
    List<Point> cheapestFirst = new ArrayList<>(profile.points());
    cheapestFirst.sort(
        Comparator.comparing(Point::power)
            .thenComparing(Point::throughput, Comparator.reverseOrder())
            .thenComparing(Point::limit, Comparator.reverseOrder()));
    List<Point> best = new ArrayList<>();
    for (Point point : cheapestFirst) {
      if (best.isEmpty() || point.throughput() > best.getLast().throughput()) {
        best.add(point);
      }
    }
    return List.copyOf(best);
  }

  /** Whether {@code middle} lies on or above the line from {@code left} to {@code right}. */
  private static boolean isAbove(Point middle, Point left, Point right) {
    return slope(left, middle) >= slope(middle, right);
  }

  private static double slope(Point from, Point to) {
    return (to.power().value() - from.power().value()) / (to.throughput() - from.throughput());
  }

  /** This hull with the draw of the host added at every limit; the limits on it stay the same. */
  public PowerHull plus(Watts host) {
    return new PowerHull(
        points.stream()
            .map(point -> new Point(point.limit(), point.power().plus(host), point.throughput()))
            .toList());
  }

  /**
   * The least draw, in watts, at {@code throughput}: two neighbours share the time. At the slowest
   * point's below it, and at the fastest point's above it.
   */
  public double wattsAt(double throughput) {
    Point slower = points.getFirst();
    for (Point faster : points) {
      if (faster.throughput() >= throughput) {
        double gap = faster.throughput() - slower.throughput();
        double share = gap > 0 ? (throughput - slower.throughput()) / gap : 1;
        return slower.power().value() + share * (faster.power().value() - slower.power().value());
      }
      slower = faster;
    }
    return slower.power().value();
  }

  /** The fastest point; not always the highest limit, where a curve is noisy. */
  public Point fastest() {
    return points.getLast();
  }

  /** The point that does the most work with a joule. */
  public Point mostEfficient() {
    return points.stream().min(Comparator.comparingDouble(Point::joulesPerStep)).orElseThrow();
  }
}
