package chase.zeus.profile;

import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

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
   * One power limit and its effect.
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

    /** The energy of one unit of work, in joules. */
    public double joulesPerStep() {
      return power.value() / throughput;
    }
  }

  /** The throughput at the highest limit that was measured: that of full power. */
  public double fullThroughput() {
    return points.getLast().throughput();
  }

  /** The highest limit that was measured. */
  public Watts highestLimit() {
    return points.getLast().limit();
  }

  /**
   * What the job draws and achieves at {@code limit}, on the straight line between the measured
   * neighbours; empty below the lowest and above the highest limit that was measured.
   */
  public Optional<Point> at(Watts limit) {
    for (int i = 0; i < points.size(); i++) {
      int order = points.get(i).limit().compareTo(limit);
      if (order == 0) {
        return Optional.of(points.get(i));
      }
      if (order > 0) {
        return i == 0
            ? Optional.empty()
            : Optional.of(between(points.get(i - 1), points.get(i), limit));
      }
    }
    return Optional.empty();
  }

  /**
   * The part of this profile whose limits lie in {@code range}. An end of the range that lies
   * between two measured limits is a point as well, interpolated as by {@link #at}, so that a GPU
   * may use its whole range; nothing is extrapolated beyond the measured limits. Empty when no
   * point is left.
   */
  public Optional<PowerProfile> within(PowerRange range) {
    NavigableMap<Watts, Point> inside = new TreeMap<>();
    Stream.of(range.min(), range.max())
        .flatMap(end -> at(end).stream())
        .forEach(point -> inside.put(point.limit(), point));
    points.stream()
        .filter(point -> range.contains(point.limit()))
        .forEach(point -> inside.put(point.limit(), point));
    return inside.isEmpty()
        ? Optional.empty()
        : Optional.of(new PowerProfile(List.copyOf(inside.values())));
  }

  /** This profile with the draw of the host added at every limit. */
  public PowerProfile plus(Watts host) {
    return new PowerProfile(
        points.stream()
            .map(point -> new Point(point.limit(), point.power().plus(host), point.throughput()))
            .toList());
  }

  private static Point between(Point lower, Point upper, Watts limit) {
    double share =
        (limit.value() - lower.limit.value()) / (upper.limit.value() - lower.limit.value());
    return new Point(
        limit,
        new Watts(lower.power.value() + share * (upper.power.value() - lower.power.value())),
        lower.throughput + share * (upper.throughput - lower.throughput));
  }
}
