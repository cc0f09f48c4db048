package chase.daemon.explain;

import chase.daemon.text.Durations;
import chase.daemon.text.Numbers;
import chase.zeus.engine.ProfileView;
import chase.zeus.profile.ProfilingEvent;
import chase.zeus.profile.ProfilingState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How a job is measured, in words. */
public final class ProfilingText {
  private ProfilingText() {}

  /** What happens to the job, as a predicate that follows its name. */
  static String predicate(ProfilingState state) {
    return switch (state) {
      case ProfilingState.Settling at -> "is being measured, and settles at " + at.limit();
      case ProfilingState.Measuring at -> "is being measured at " + at.limit();
      case ProfilingState.Waiting at ->
          "is being measured, and runs at full power until its slack covers a test at "
              + at.limit();
      case ProfilingState.Silent s -> "is being measured, and makes no progress now";
      case ProfilingState.Done d -> "was measured";
      case ProfilingState.Aborted(var reason) -> "is no longer measured, because " + cause(reason);
    };
  }

  private static String cause(ProfilingEvent.AbortReason reason) {
    return switch (reason) {
      case POLICY_CHANGED -> "the policy changed";
      case CHASE_PAUSED -> "Chase was paused";
      case LEASED -> "one of its GPUs is leased";
      case FOREIGN_WRITE -> "an external process set a limit";
      case WRITE_REFUSED -> "one of its GPUs cannot be written";
      case GPU_LOST -> "one of its GPUs is lost";
      case RANGE_CHANGED -> "other limits may be set now";
      case DRIFTED -> "the job changed meanwhile";
      case JOB_ENDED -> "the job ends too soon for it to pay";
      case UNSETTLED -> "a limit gave no steady speed";
    };
  }

  /** The state in one word, for programs and tables. */
  public static String word(Optional<ProfilingState> state) {
    return state.map(now -> now.getClass().getSimpleName().toLowerCase(Locale.ROOT)).orElse("none");
  }

  /** What happens to the job in a few words, for tables; empty while nothing does. */
  static Optional<String> brief(ProfileView profile) {
    return profile
        .state()
        .flatMap(ProfilingText::brief)
        .map(text ->
            String.format(
                Locale.ROOT,
                "%s (%d/%d)",
                text,
                profile.limitsMeasured(),
                profile.limitsPlanned()));
  }

  private static Optional<String> brief(ProfilingState state) {
    return switch (state) {
      case ProfilingState.Settling at -> Optional.of("measured at " + at.limit());
      case ProfilingState.Measuring at -> Optional.of("measured at " + at.limit());
      case ProfilingState.Waiting at -> Optional.of("saves slack to test " + at.limit());
      case ProfilingState.Silent s -> Optional.of("no progress");
      case ProfilingState.Done d -> Optional.empty();
      case ProfilingState.Aborted a -> Optional.empty();
    };
  }

  /** How far the run has come; empty unless one is under way. */
  static Optional<String> progress(ProfileView profile) {
    return profile.active()
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%d of at most %d limits",
                profile.limitsMeasured(),
                profile.limitsPlanned()))
        : Optional.empty();
  }

  /** How far it is, what is known and what that cost; empty while nothing is known. */
  static Optional<String> sentence(ProfileView profile, Instant now) {
    if (profile.state().isEmpty() && profile.points().isEmpty()) {
      return Optional.empty();
    }
    String known =
        profile.points().isEmpty()
            ? "nothing yet"
            : String.format(
                Locale.ROOT,
                "%d %s (energy %s), the oldest %s ago",
                profile.points().size(),
                profile.points().size() == 1 ? "limit" : "limits",
                profile.energyBasis().map(ProfilingText::lower).orElse("unknown"),
                oldest(profile, now));
    String soFar = progress(profile).map(part -> " so far, " + part + " in this run").orElse("");
    return Optional.of("Measured%s: %s%s.".formatted(soFar, known, cost(profile)));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String oldest(ProfileView profile, Instant now) {
    Instant at =
        profile.points().stream()
            .map(ProfileView.DatedPoint::at)
            .min(Comparator.naturalOrder())
            .orElse(now);
    return text(at.isBefore(now) ? Duration.between(at, now) : Duration.ZERO);
  }

  private static String cost(ProfileView profile) {
    double seconds = profile.secondsLost().orElse(0.0);
    return profile.cost().time().isZero()
        ? ""
        : "; measuring took %s and cost the job %s"
            .formatted(
                text(profile.cost().time()),
                seconds <= 0 ? "no time" : Numbers.threeDigits(seconds) + " s");
  }

  private static String text(Duration time) {
    return Durations.format(time.truncatedTo(ChronoUnit.SECONDS));
  }
}
