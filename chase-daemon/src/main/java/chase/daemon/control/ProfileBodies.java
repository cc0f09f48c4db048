package chase.daemon.control;

import chase.daemon.api.ProfileBody;
import chase.daemon.explain.ProfilingText;
import chase.zeus.engine.ProfileView;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.util.Optional;

/** Measured profiles drawn as JSON bodies; pure. */
final class ProfileBodies {
  private ProfileBodies() {}

  static ProfileBody profile(ProfileView profile) {
    return new ProfileBody(
        ProfilingText.word(profile.state()),
        profile.state().flatMap(ProfileBodies::because),
        GpuBodies.watts(profile.state().flatMap(ProfileBodies::limit)),
        profile.limitsMeasured(),
        profile.limitsPlanned(),
        profile.workSource().word(),
        profile.energyBasis().map(GpuBodies::word),
        GpuBodies.round(profile.cost().time().toMillis() / 1e3),
        JobBodies.rounded(profile.secondsLost()),
        JobBodies.rounded(profile.joulesAdded()),
        profile.changes(),
        profile.points().stream().map(ProfileBodies::point).toList());
  }

  private static Optional<String> because(ProfilingState state) {
    return state instanceof ProfilingState.Aborted(var reason)
        ? Optional.of(GpuBodies.word(reason))
        : Optional.empty();
  }

  private static Optional<Watts> limit(ProfilingState state) {
    return switch (state) {
      case ProfilingState.Settling at -> Optional.of(at.limit());
      case ProfilingState.Measuring at -> Optional.of(at.limit());
      case ProfilingState.Waiting at -> Optional.of(at.limit());
      case ProfilingState.Silent at -> Optional.of(at.limit());
      case ProfilingState.Done d -> Optional.empty();
      case ProfilingState.Aborted a -> Optional.empty();
    };
  }

  private static ProfileBody.Point point(ProfileView.DatedPoint dated) {
    MeasuredProfile.MeasuredPoint point = dated.point();
    return new ProfileBody.Point(
        GpuBodies.round(point.limit().value()),
        GpuBodies.round(point.power().mean()),
        fine(point.power().relativeError()),
        fine(point.throughput().mean()),
        fine(point.throughput().relativeError()),
        GpuBodies.round(point.samples()),
        dated.at());
  }

  /** Speeds and errors may be far below one. */
  private static double fine(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }
}
