package chase.zeus.batchsize;

import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What trials measured of the power limits. */
final class Profiles {
  private Profiles() {}

  /** All points of one batch size; of two at the same limit, the later. */
  static Optional<PowerProfile> of(List<Trial> trials, int batchSize) {
    NavigableMap<Watts, Point> points = new TreeMap<>();
    for (Trial trial : trials) {
      if (trial.batchSize() == batchSize && trial.profile().isPresent()) {
        trial.profile().get().points().forEach(point -> points.put(point.limit(), point));
      }
    }
    return points.isEmpty()
        ? Optional.empty()
        : Optional.of(new PowerProfile(List.copyOf(points.values())));
  }
}
