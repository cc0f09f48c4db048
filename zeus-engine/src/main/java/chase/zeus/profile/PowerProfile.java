package chase.zeus.profile;

import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;

/**
 * What a job draws and achieves at each power limit, from the lowest limit to the highest.
 *
 * @param points at least one, with strictly rising limits
 */
public record PowerProfile(List<Point> points) {
  /** Refuses an empty or unsorted list with {@link IllegalArgumentException}. */
  public PowerProfile {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a power profile needs at least one point");
    }
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i - 1).limit().compareTo(points.get(i).limit()) >= 0) {
        throw new IllegalArgumentException(
            "power limits must rise, but "
                + points.get(i).limit()
                + " follows "
                + points.get(i - 1).limit());
      }
    }
  }

  /**
   * One power limit and what came of it.
   *
   * @param limit the power limit
   * @param power the mean draw under it
   * @param throughput work a second, in any unit that all points of a profile share; above zero
   */
  public record Point(Watts limit, Watts power, double throughput) {
    /** Refuses a limit, draw or throughput of zero or less with an exception. */
    public Point {
      if (limit.value() == 0 || power.value() == 0) {
        throw new IllegalArgumentException("limit and power must be above 0 W");
      }
      if (!(throughput > 0) || Double.isInfinite(throughput)) {
        throw new IllegalArgumentException("throughput must be finite and > 0: " + throughput);
      }
    }
  }

  /** The highest limit that was measured. */
  public Watts highestLimit() {
    return points.getLast().limit();
  }

  /** The part of this profile whose limits lie in {@code range}; empty when none does. */
  public Optional<PowerProfile> within(PowerRange range) {
    List<Point> inside = points.stream().filter(point -> range.contains(point.limit())).toList();
    return inside.isEmpty() ? Optional.empty() : Optional.of(new PowerProfile(inside));
  }
}
