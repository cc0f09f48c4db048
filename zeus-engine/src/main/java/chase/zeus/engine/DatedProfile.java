package chase.zeus.engine;

import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was measured of a job, and when. Used by the engine's thread only. */
final class DatedProfile {
  /** One point says nothing about what another limit would change. */
  private static final int FEWEST = 2;

  private final Map<Long, Instant> measuredAt = new HashMap<>();
  private MeasuredProfile profile = MeasuredProfile.EMPTY;

  /** Fitting a curve takes a while, and nothing changes in between. */
  private Optional<Fit> fit = Optional.empty();

  private record Fit(MeasuredProfile of, List<Watts> alsoAt, Optional<PowerProfile> standing) {}

  /** Takes in what is known from {@code at} on. */
  void update(MeasuredProfile next, Instant at) {
    if (next.equals(profile)) {
      return;
    }
    for (MeasuredProfile.MeasuredPoint point : next.points()) {
      boolean touched = profile.at(point.limit()).filter(point::equals).isEmpty();
      if (touched && (isMeasured(point) || !measuredAt.containsKey(key(point)))) {
        measuredAt.put(key(point), at);
      }
    }
    profile = next;
  }

  /** A point that has aged was not looked at, only moved. */
  private static boolean isMeasured(MeasuredProfile.MeasuredPoint point) {
    return point.samples() > 1;
  }

  private static Long key(MeasuredProfile.MeasuredPoint point) {
    return point.limit().toMilliwatts();
  }

  MeasuredProfile profile() {
    return profile;
  }

  boolean isEmpty() {
    return profile.points().isEmpty();
  }

  /** What policies may go by, with {@code alsoAt} filled in; empty while too little is known. */
  Optional<PowerProfile> curve(List<Watts> alsoAt) {
    if (profile.points().size() < FEWEST) {
      return Optional.empty();
    }
    Fit now =
        fit.filter(last -> last.of().equals(profile) && last.alsoAt().equals(alsoAt))
            .orElseGet(() -> new Fit(profile, alsoAt, profile.toPowerProfile(alsoAt)));
    fit = Optional.of(now);
    return now.standing();
  }

  List<ProfileView.DatedPoint> dated() {
    return profile.points().stream()
        .map(point ->
            new ProfileView.DatedPoint(point, measuredAt.getOrDefault(key(point), Instant.MIN)))
        .toList();
  }
}
