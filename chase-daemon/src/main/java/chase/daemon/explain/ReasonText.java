package chase.daemon.explain;

import chase.daemon.grid.GridState;
import chase.zeus.engine.JobId;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Reason;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A {@link Reason} in one word and in a clause that can follow a colon.
 *
 * @param word for programs and tables
 * @param clause for people
 * @param until when the reason ends automatically
 */
public record ReasonText(String word, String clause, Optional<Instant> until) {

  /**
   * Puts a reason into words.
   *
   * @param policy what decides about the GPU
   * @param grid what the daemon knows of the grid
   * @param now the moment at which the words have to be true
   */
  public static ReasonText of(Reason reason, PowerPolicy policy, GridState grid, Instant now) {
    return switch (reason) {
      case Reason.Chosen(var bound) ->
          lasting(
              "chosen",
              bound
                  .map(limits -> "policy %s wants %s".formatted(policy.spec(), bound(limits)))
                  .orElseGet(() -> choice(policy, new GridText(grid, now))));
      case Reason.Dwelling(Watts wanted, Instant until) ->
          until(
              until,
              "dwelling",
              "policy %s would choose %s, but the limit changed a moment ago and stays until %s"
                  .formatted(policy.spec(), wanted, time(until)));
      case Reason.Overridden(Instant until) ->
          until(until, "overridden", "an operator holds it at this limit until " + time(until));
      case Reason.Leased(Lease.Holder holder, Instant until) ->
          until(
              until,
              "leased",
              "%s holds a lease of it, through the API of Zeus, until %s"
                  .formatted(holder, time(until)));
      case Reason.ChasePaused(var until) -> paused("an operator paused Chase", until);
      case Reason.PausedGpu(var until) -> paused("an operator paused this GPU", until);
      case Reason.NoSignal() ->
          lasting(
              "no_signal",
              "policy %s needs a signal to trust, and %s"
                  .formatted(
                      policy.spec(),
                      new GridText(grid, now).fault().orElse("a new one has only just come in")));
      case Reason.NoProfile() ->
          lasting(
              "no_profile",
              "policy %s needs to know what the job achieves at the allowed limits, and there is no"
                      .formatted(policy.spec())
                  + " profile of it");
      case Reason.NoChoice() -> lasting("no_choice", "it is the only limit that Chase may set");
      case Reason.MeasuringFullSpeed(JobId job) ->
          lasting(
              "measuring",
              "policy %s keeps a budget, and the speed of job %s at full power is not known yet"
                  .formatted(policy.spec(), job));
      case Reason.Profiling(JobId job, ProfilingState state) ->
          lasting("profiling", "job %s %s".formatted(job, ProfilingText.predicate(state)));
      case Reason.HandsOff handsOff ->
          until(
              handsOff.until(),
              "hands_off",
              "%s%s, and Chase leaves this GPU alone until %s"
                  .formatted(
                      external(handsOff), inARow(handsOff.inARow()), time(handsOff.until())));
      case Reason.WritesSpent(Watts wanted, int perHour, Instant until) ->
          until(
              until,
              "writes_spent",
              "Chase would set %s, but all %s writes of the hour are used up, and the next is free at %s"
                  .formatted(wanted, perHour, time(until)));
      case Reason.SlowedByHardware(Watts wanted, var slowdowns) ->
          lasting(
              "hardware_slowdown",
              "Chase would set %s, but the GPU is %s, and no limit is lowered meanwhile"
                  .formatted(wanted, ThrottleText.of(slowdowns)));
      case Reason.Refused(String why) ->
          lasting(
              "refused",
              "a write was refused (%s), and Chase leaves this GPU alone until 'chase resume'"
                  .formatted(why));
      case Reason.Retrying(String why, Instant until) ->
          until(
              until,
              "retrying",
              "the last write failed (%s) and is tried again at %s".formatted(why, time(until)));
      case Reason.WithoutEffect(String text) ->
          lasting(
              "without_effect",
              "%s several times, and Chase tries again after 'chase resume' or another command"
                  .formatted(text));
      case Reason.Unwritable(String why) ->
          lasting("unwritable", "Chase never writes this GPU (%s)".formatted(why));
      case Reason.Lost(String why) -> lasting("lost", "it no longer answers (%s)".formatted(why));
      case Reason.ChaseStopping() ->
          lasting("stopping", "Chase is stopping and restores the original limit");
    };
  }

  private static String choice(PowerPolicy policy, GridText grid) {
    return "policy "
        + policy.spec()
        + switch (policy.kind()) {
          case MAX -> " always chooses full power";
          case FIXED -> " always chooses this limit";
          case ZEUS -> " finds this limit cheapest in energy and time";
          case CHASE -> " finds this limit cheapest" + grid.conditions(policy);
          case BUDGET -> " plans this limit" + grid.conditions(policy);
        };
  }

  /** Such as {@code 300 W, and the floor is 420 W}. */
  private static String bound(Reason.Bound bound) {
    return bound.wanted().compareTo(bound.nearest()) < 0
        ? bound.wanted() + ", and the floor is " + bound.nearest()
        : bound.wanted() + ", and the original limit is " + bound.nearest();
  }

  /** Such as {@code an external process set 300 W}. */
  static String external(Reason.HandsOff handsOff) {
    return handsOff.byDefault()
        ? "the limit is the driver's default of %s, set by an external process or by a reset of the GPU"
            .formatted(handsOff.foreign())
        : "an external process set " + handsOff.foreign();
  }

  /** Such as {@code , the 3rd external limit in a row}; nothing for the first. */
  static String inARow(int times) {
    return times < 2 ? "" : ", external limit number %s in a row".formatted(times);
  }

  /** To the second, in UTC. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static ReasonText paused(String clause, Optional<Instant> until) {
    return new ReasonText("paused", clause + until(until), until);
  }

  /** Such as {@code until 2026-11-23T18:00:00Z}; nothing for what has no end. */
  static String until(Optional<Instant> end) {
    return end.map(at -> " until " + time(at)).orElse("");
  }

  private static ReasonText lasting(String word, String clause) {
    return new ReasonText(word, clause, Optional.empty());
  }

  private static ReasonText until(Instant until, String word, String clause) {
    return new ReasonText(word, clause, Optional.of(until));
  }
}
