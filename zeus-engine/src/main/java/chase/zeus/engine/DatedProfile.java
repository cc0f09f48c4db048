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
  /** One point says nothing about the effect of another limit. */
  private static final int FEWEST = 2;

  private final Map<Long, Instant> measuredAt = new HashMap<>();
  private MeasuredProfile profile = MeasuredProfile.EMPTY;

  /** The last fit: fitting a curve takes a while, and the points change seldom. */
  private Optional<Fit> fit = Optional.empty();

  private record Fit(MeasuredProfile of, List<Watts> alsoAt, Optional<PowerProfile> curve) {}

  /** Sets what is known from {@code at} on. */
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

  /** A point that has only aged was not measured again. */
  private static boolean isMeasured(MeasuredProfile.MeasuredPoint point) {
    return point.samples() > 1;
  }

  private static Long key(MeasuredProfile.MeasuredPoint point) {
    return point.limit().toMilliwatts();
  }

  MeasuredProfile measured() {
    return profile;
  }

  boolean isEmpty() {
    return profile.points().isEmpty();
  }

  /** The curve for policies, with {@code alsoAt} interpolated; empty while too little is known. */
  Optional<PowerProfile> curve(List<Watts> alsoAt) {
    if (profile.points().size() < FEWEST) {
      return Optional.empty();
    }
    Fit now =
        fit.filter(last -> last.of().equals(profile) && last.alsoAt().equals(alsoAt))
            .orElseGet(() -> new Fit(profile, alsoAt, profile.toPowerProfile(alsoAt)));
    fit = Optional.of(now);
    return now.curve();
  }

  List<ProfileView.DatedPoint> dated() {
    return profile.points().stream()
        .map(point ->
            new ProfileView.DatedPoint(point, measuredAt.getOrDefault(key(point), Instant.MIN)))
        .toList();
  }
}
