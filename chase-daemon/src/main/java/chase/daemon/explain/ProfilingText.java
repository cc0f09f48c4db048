package chase.daemon.explain;

import chase.daemon.text.Durations;
import chase.daemon.text.Numbers;
import chase.zeus.engine.JobId;
import chase.zeus.engine.ProfileView;
import chase.zeus.profile.ProfilingEvent;
import chase.zeus.profile.ProfilingState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What there is to say of how a job is measured, in words. */
public final class ProfilingText {
  private ProfilingText() {}

  /** Why its GPUs are where they are, as a clause that can follow a colon. */
  static String clause(JobId job, ProfilingState state) {
    return switch (state) {
      case ProfilingState.Settling at ->
          "job %s is being measured, and settles at %s".formatted(job, at.limit());
      case ProfilingState.Measuring at ->
          "job %s is being measured at %s".formatted(job, at.limit());
      case ProfilingState.Waiting waiting ->
          "job %s is being measured, and earns the time at full power that trying %s may cost"
              .formatted(job, waiting.limit());
      case ProfilingState.Silent s ->
          "job %s is being measured, and does nothing now".formatted(job);
      case ProfilingState.Done d -> "job %s was measured".formatted(job);
      case ProfilingState.Aborted aborted ->
          "measuring job %s ended early, because %s".formatted(job, why(aborted.reason()));
    };
  }

  /** The state in one word, for programs and tables. */
  public static String word(Optional<ProfilingState> state) {
    return state.map(now -> now.getClass().getSimpleName().toLowerCase(Locale.ROOT)).orElse("none");
  }

  /** Why a run ended early, as a clause. */
  static String why(ProfilingEvent.AbortReason reason) {
    return switch (reason) {
      case POLICY_CHANGED -> "the policy changed";
      case CHASE_PAUSED -> "Chase was paused";
      case LEASED -> "somebody holds a GPU of it";
      case FOREIGN_WRITE -> "somebody else set a limit";
      case WRITE_REFUSED -> "a GPU of it cannot be written";
      case GPU_LOST -> "a GPU of it is lost";
      case RANGE_CHANGED -> "other limits may be set now";
      case DRIFTED -> "the job changed meanwhile";
      case JOB_ENDED -> "the job ends too soon for it to pay";
      case UNSETTLED -> "a limit gave no steady pace";
    };
  }

  /** How far it is, what is known and what that cost; empty while there is nothing to tell. */
  static Optional<String> sentence(ProfileView profile, Instant now) {
    if (profile.state().isEmpty() && profile.points().isEmpty()) {
      return Optional.empty();
    }
    String known =
        profile.points().isEmpty()
            ? "nothing yet"
            : String.format(
                Locale.ROOT,
                "%d limits (energy %s), the oldest %s ago",
                profile.points().size(),
                profile
                    .energyBasis()
                    .map(basis -> basis.name().toLowerCase(Locale.ROOT))
                    .orElse("unknown"),
                oldest(profile, now));
    return Optional.of("Measured%s: %s%s.".formatted(progress(profile), known, cost(profile)));
  }

  private static String progress(ProfileView profile) {
    return profile.active()
        ? String.format(
            Locale.ROOT,
            " so far, %d of at most %d limits in this run",
            profile.limitsMeasured(),
            profile.limitsPlanned())
        : "";
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
    double seconds = profile.secondsLost().orElse(0);
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
