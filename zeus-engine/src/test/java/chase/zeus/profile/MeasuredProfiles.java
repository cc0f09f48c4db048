package chase.zeus.profile;

import chase.zeus.profile.MeasuredProfile.MeasuredPoint;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.Arrays;
import java.util.List;

/** Measured points and profiles for tests. */
final class MeasuredProfiles {
  private MeasuredProfiles() {}

  /** Known to about 1 %: 25 samples with a deviation of 5 %. */
  static MeasuredPoint point(double limit, double watts, double work) {
    return new MeasuredPoint(
        new Watts(limit),
        new Estimate(25, watts, watts * 0.05),
        new Estimate(25, work, work * 0.05));
  }

  static MeasuredProfile profile(MeasuredPoint... points) {
    return new MeasuredProfile(List.of(points));
  }

  static List<Watts> limits(MeasuredProfile profile) {
    return profile.points().stream().map(MeasuredPoint::limit).toList();
  }

  static List<Watts> limits(PowerProfile profile) {
    return profile.points().stream().map(Point::limit).toList();
  }

  static List<Watts> watts(double... watts) {
    return Arrays.stream(watts).mapToObj(Watts::new).toList();
  }
}
