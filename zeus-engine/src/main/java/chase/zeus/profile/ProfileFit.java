package chase.zeus.profile;

import chase.zeus.profile.MeasuredProfile.MeasuredPoint;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The rising, concave curves of draw and throughput through measured points.
 *
 * @param points one or more, from the lowest limit to the highest
 * @param power the curve of the draw in watts
 * @param throughput the curve of the throughput
 */
record ProfileFit(List<MeasuredPoint> points, ConcaveFit power, ConcaveFit throughput) {
  static ProfileFit of(List<MeasuredPoint> points) {
    return new ProfileFit(
        points, fit(points, MeasuredPoint::power), fit(points, MeasuredPoint::throughput));
  }

  private static ConcaveFit fit(List<MeasuredPoint> points, Function<MeasuredPoint, Estimate> of) {
    return ConcaveFit.of(
        points.stream().mapToDouble(point -> point.limit().value()).toArray(),
        points.stream().mapToDouble(point -> of.apply(point).mean()).toArray(),
        points.stream().mapToDouble(point -> of.apply(point).error()).toArray());
  }

  /** The fitted profile, with those limits of {@code alsoAt} that lie between its points. */
  PowerProfile profile(List<Watts> alsoAt) {
    NavigableMap<Watts, Point> profile = new TreeMap<>();
    List<Point> fitted = fitted();
    fitted.forEach(point -> profile.put(point.limit(), point));
    double[] limits = fitted.stream().mapToDouble(point -> point.limit().value()).toArray();
    ConcaveFit watts =
        ConcaveFit.through(
            limits, fitted.stream().mapToDouble(point -> point.power().value()).toArray());
    ConcaveFit work =
        ConcaveFit.through(limits, fitted.stream().mapToDouble(Point::throughput).toArray());
    Watts lowest = profile.firstKey();
    Watts highest = profile.lastKey();
    alsoAt.stream()
        .filter(limit -> limit.compareTo(lowest) > 0 && limit.compareTo(highest) < 0)
        .map(limit -> new Point(limit, new Watts(watts.at(limit.value())), work.at(limit.value())))
        .forEach(point -> profile.put(point.limit(), point));
    return new PowerProfile(List.copyOf(profile.values()));
  }

  /** The fitted points; points that differ by less than their noise share their mean. */
  private List<Point> fitted() {
    List<Point> all = new ArrayList<>();
    int first = 0;
    while (first < points.size()) {
      int end = first + 1;
      while (end < points.size() && areEqual(first, end)) {
        end++;
      }
      double watts = mean(power, first, end);
      double work = mean(throughput, first, end);
      for (MeasuredPoint point : points.subList(first, end)) {
        all.add(new Point(point.limit(), new Watts(watts), work));
      }
      first = end;
    }
    return all;
  }

  private boolean areEqual(int one, int other) {
    MeasuredPoint a = points.get(one);
    MeasuredPoint b = points.get(other);
    return isNoise(power.value(one) - power.value(other), a.power(), b.power())
        && isNoise(throughput.value(one) - throughput.value(other), a.throughput(), b.throughput());
  }

  private static boolean isNoise(double difference, Estimate a, Estimate b) {
    return Math.abs(difference) <= Estimate.SIGNIFICANT * Math.hypot(a.error(), b.error());
  }

  private static double mean(ConcaveFit fit, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += fit.value(i);
    }
    return sum / (to - from);
  }
}
