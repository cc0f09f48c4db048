package chase.daemon.control;

import chase.carbon.CarbonIntensity;
import chase.daemon.grid.GridState;
import chase.daemon.words.DurationText;
import chase.zeus.engine.JobId;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Reason;
import chase.zeus.profile.ProfileState;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A {@link Reason} in one word and in a clause that can follow a colon.
 *
 * @param word for programs and tables
 * @param clause for people
 * @param until when the reason ends by itself
 */
record Because(String word, String clause, Optional<Instant> until) {

  static Because of(Reason reason, String policy, GridState grid, Instant now) {
    return switch (reason) {
      case Reason.Chosen() -> plain("chosen", chosen(policy, grid));
      case Reason.Dwelling(Watts wish, Instant until) ->
          lasting(
              "dwelling",
              "policy %s would choose %s, but the limit changed a moment ago and stays until %s"
                  .formatted(policy, wish, time(until)),
              until);
      case Reason.Overridden(Instant until) ->
          lasting("overridden", "an operator holds it there until " + time(until), until);
      case Reason.Leased(Lease.Holder holder, Instant until) ->
          lasting(
              "leased",
              "%s drives it, through the API of Zeus, until %s".formatted(holder, time(until)),
              until);
      case Reason.Paused() -> plain("paused", "an operator paused Chase");
      case Reason.NoSignal() -> plain("no_signal", noSignal(policy, grid, now));
      case Reason.NoProfile() ->
          plain(
              "no_profile",
              "policy %s needs to know what the job achieves at the allowed limits, and no profile"
                      .formatted(policy)
                  + " tells");
      case Reason.Measuring(JobId job) ->
          plain(
              "measuring",
              "policy %s keeps a budget, and the steps a second of job %s at full power are not"
                      .formatted(policy, job)
                  + " known yet");
      case Reason.Profiling(JobId job, ProfileState state) ->
          plain("profiling", ProfileStory.clause(job, state));
      case Reason.HandsOff handsOff ->
          lasting(
              "hands_off",
              "%s, and Chase leaves this GPU alone until %s"
                  .formatted(handsOff.what(), time(handsOff.until())),
              handsOff.until());
      case Reason.Refused(String why) ->
          plain(
              "refused",
              "a write was refused (%s), and Chase leaves this GPU alone until 'chase resume'"
                  .formatted(why));
      case Reason.Retrying(String why, Instant until) ->
          lasting(
              "retrying",
              "the last write failed (%s) and is tried again at %s".formatted(why, time(until)),
              until);
      case Reason.WithoutEffect(String what) ->
          plain(
              "without_effect",
              "%s several times, and is asked again after 'chase resume' or another command"
                  .formatted(what));
      case Reason.Unwritable(String why) ->
          plain("unwritable", "Chase never writes this GPU (%s)".formatted(why));
      case Reason.Lost(String why) -> plain("lost", "it no longer answers (%s)".formatted(why));
      case Reason.Stopping() -> plain("stopping", "Chase is stopping and puts back what it found");
    };
  }

  /** Whether the policy of that spec looks at the grid. */
  static boolean weighsTheGrid(String policy) {
    return policy.startsWith("chase:") || policy.startsWith("budget:");
  }

  /** Whether the policy of that spec looks at what a job costs in energy. */
  static boolean weighsEnergy(String policy) {
    return policy.startsWith("zeus:") || weighsTheGrid(policy);
  }

  /** To the second, in UTC. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** What is wrong with the signal; empty when it may be acted on. */
  static Optional<String> distrust(GridState grid, Instant now) {
    if (grid.trustedAt(now)) {
      return Optional.empty();
    }
    String fault =
        grid.current()
            .map(current ->
                "the last number for %s is %s old, and %s is the most that is trusted"
                    .formatted(
                        current.region(),
                        DurationText.of(current.age(now)),
                        DurationText.of(grid.maxAge())))
            .orElseGet(() -> silence(grid));
    return Optional.of(fault + grid.trouble().map(t -> " (" + t.message() + ")").orElse(""));
  }

  private static String silence(GridState grid) {
    return grid.provider().equals(GridState.NOBODY)
        ? "nobody is asked for one (carbon.provider)"
        : "no number for %s has come in".formatted(grid.region());
  }

  private static String chosen(String policy, GridState grid) {
    return switch (kind(policy)) {
      case "max" -> "policy max always chooses full power";
      case "fixed" -> "policy %s always chooses this limit".formatted(policy);
      case "zeus" -> "policy %s finds this limit cheapest in energy and time".formatted(policy);
      case "chase" ->
          "policy %s finds this limit cheapest".formatted(policy)
              + grid.current().map(current -> whileGrid(current, policy, grid)).orElse("");
      case "budget" ->
          "policy %s plans this limit".formatted(policy)
              + grid.current().map(Because::whileAt).orElse("");
      default -> "policy %s chooses this limit".formatted(policy);
    };
  }

  private static String whileGrid(CarbonIntensity current, String policy, GridState grid) {
    String now = whileAt(current);
    OptionalDouble reference = reference(policy, grid);
    return reference.isEmpty()
        ? now
        : now
            + String.format(
                Locale.ROOT,
                ", %.0f %% of the reference %.0f",
                100 * current.value().value() / reference.getAsDouble(),
                reference.getAsDouble());
  }

  private static String whileAt(CarbonIntensity current) {
    return " while %s is at %s (%s)"
        .formatted(current.region(), current.value(), current.origin().word());
  }

  /** What the policy compares the grid with: its own constant, else the trailing maximum. */
  static OptionalDouble reference(String policy, GridState grid) {
    String[] parts = policy.split(":", -1);
    return policy.startsWith("chase:") && parts.length == 3
        ? OptionalDouble.of(Double.parseDouble(parts[2]))
        : grid.reference();
  }

  private static String noSignal(String policy, GridState grid, Instant now) {
    return "policy %s needs a signal to trust, and %s"
        .formatted(policy, distrust(grid, now).orElse("a new one has only just come in"));
  }

  private static String kind(String policy) {
    return policy.split(":", 2)[0];
  }

  private static Because plain(String word, String clause) {
    return new Because(word, clause, Optional.empty());
  }

  private static Because lasting(String word, String clause, Instant until) {
    return new Because(word, clause, Optional.of(until));
  }
}
