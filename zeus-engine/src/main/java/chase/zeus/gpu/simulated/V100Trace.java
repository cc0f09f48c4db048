package chase.zeus.gpu.simulated;

import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;

/**
 * ResNet-50 on ImageNet at batch size 256 (Adadelta) on a V100, as measured for Zeus (NSDI'23,
 * artefact file summary_power_v100.csv, Apache-2.0).
 */
final class V100Trace {
  /** The highest limit of the trace, in watts. */
  private static final double TOP_LIMIT = 250;

  /** The draw at the highest limit, in watts. */
  static final double TOP_DRAW = 220.250;

  /** ImageNet's 1,281,167 training images in batches of 256. */
  private static final double STEPS_AN_EPOCH = 5005;

  private static final List<TracePoint> ROWS =
      List.of(
          new TracePoint(100, 98.382, 6781.173),
          new TracePoint(125, 121.966, 5064.970),
          new TracePoint(150, 144.595, 4148.660),
          new TracePoint(175, 166.372, 3852.180),
          new TracePoint(200, 184.944, 3700.973),
          new TracePoint(225, 205.438, 3584.303),
          new TracePoint(TOP_LIMIT, TOP_DRAW, 3514.987));

  private V100Trace() {}

  /** A line of the trace: power limit and mean draw in watts, time in seconds an epoch. */
  private record TracePoint(double limit, double draw, double epoch) {}

  /**
   * The trace's shape for another card: limits are scaled to the top of {@code range}, draws to
   * {@code load} and held to the limit, and the line through the two lowest points is followed to
   * the bottom of {@code range}. Throughput stays the V100's: only its shape says something.
   */
  static PowerProfile scaledTo(PowerRange range, Watts load) {
    List<Point> points = new ArrayList<>(points(range.max().value(), load.value()));
    if (range.min().compareTo(points.getFirst().limit()) < 0) {
      points.addFirst(continued(points.get(0), points.get(1), range.min()));
    }
    return new PowerProfile(points);
  }

  private static List<Point> points(double topLimit, double topDraw) {
    return ROWS.stream()
        .map(row ->
            point(
                row.limit * topLimit / TOP_LIMIT,
                row.draw * topDraw / TOP_DRAW,
                STEPS_AN_EPOCH / row.epoch))
        .toList();
  }

  private static Point continued(Point lowest, Point next, Watts limit) {
    double along =
        (limit.value() - lowest.limit().value()) / (next.limit().value() - lowest.limit().value());
    return point(
        limit.value(),
        lowest.power().value() + along * (next.power().value() - lowest.power().value()),
        lowest.throughput() + along * (next.throughput() - lowest.throughput()));
  }

  private static Point point(double limit, double draw, double throughput) {
    return new Point(new Watts(limit), new Watts(Math.min(limit, draw)), throughput);
  }
}
