package chase.zeus.engine;

import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PolicyDecision;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Slack;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One job as the engine knows it.
 *
 * @param id its name on this host
 * @param spec what it said of itself
 * @param policy what decides about its GPUs
 * @param startedAt when it was registered
 * @param lastReportAt when it last reported
 * @param steps the count that it last reported
 * @param stepsPerSecond its speed of late
 * @param fullSpeed its steps a second at full power, by its own reports; empty until enough was
 *     seen
 * @param progress how far it has come; empty until that speed is known
 * @param slack what is left of its budget, where the policy promises one
 * @param limit the limit that its GPUs should have; empty when that is the one found, or when no
 *     policy decides about any of them
 * @param advice what the policy tells it beyond that
 * @param nextDecision what the policy would do next
 * @param paused whether it is told to pause
 * @param ignoresPauses whether it went on though it was told to pause, and is planned as running
 * @param profile what was measured of it; empty where jobs are not measured
 * @param metrics the last value of each metric that it reported, by name
 */
public record JobView(
    JobId id,
    JobSpec spec,
    PowerPolicy policy,
    Instant startedAt,
    Instant lastReportAt,
    OptionalLong steps,
    OptionalDouble stepsPerSecond,
    OptionalDouble fullSpeed,
    Optional<JobProgress> progress,
    Optional<Slack> slack,
    Optional<Watts> limit,
    Optional<Advice> advice,
    Optional<NextDecision> nextDecision,
    boolean paused,
    boolean ignoresPauses,
    Optional<ProfileView> profile,
    Map<String, JobMetric> metrics) {
  /** The same job after a report that has not been weighed yet. */
  JobView withReport(JobState job) {
    return new JobView(
        id,
        spec,
        policy,
        startedAt,
        job.lastReportAt(),
        job.steps(),
        stepsPerSecond,
        fullSpeed,
        progress,
        slack,
        limit,
        advice,
        nextDecision,
        paused,
        ignoresPauses,
        profile,
        job.metrics());
  }

  /**
   * How much slower than at full power it was so far, such as 0.02; rests, checkpoints and the time
   * before its first report not counted. Empty until that is known.
   */
  public OptionalDouble slowdown() {
    return progress.isPresent() && progress.get().done() > 0
        ? OptionalDouble.of(progress.get().elapsed() / progress.get().done() - 1)
        : OptionalDouble.empty();
  }

  /**
   * What a policy says beyond a limit.
   *
   * @param pause whether the job, which declared that it may pause, should do so now
   * @param until when time alone may change the answer; empty when it does not
   */
  public record Advice(boolean pause, Optional<Instant> until) {}

  /**
   * What a policy would do next if nothing but time passed. Immutable; whoever wants to know works
   * it out.
   *
   * @param policy the policy
   * @param input the situation at its last decision
   * @param at when it wants to be asked again
   */
  public record NextDecision(PowerPolicy policy, PolicyInput input, Instant at) {
    /** What the policy would answer at {@link #at} about a card that has {@code limit} by then. */
    public PolicyDecision evaluate(Watts limit) {
      return policy.decide(
          new PolicyInput(
              input.allowed(),
              input.profile(),
              input.outlook(),
              at,
              input.progress(),
              Optional.of(new PolicyInput.CurrentLimit(limit, Optional.empty()))));
    }
  }

  /**
   * A job that runs no longer.
   *
   * @param id its name on this host
   * @param name what people called it
   * @param at when it ended
   * @param cause why it ended
   */
  public record EndedJob(JobId id, String name, Instant at, EndCause cause) {
    /** Why a job ended. */
    public enum EndCause {
      /** It said so. */
      REPORTED,
      /** It said nothing for too long. */
      SILENT,
      /** Its process ended and left it behind. */
      PROCESS_GONE,
      /** The same job began anew, after its process had been killed. */
      REPLACED
    }

    /** A line such as {@code job a1 (resnet) ended at 2026-11-23T12:00:00Z}. */
    public String text() {
      String ended =
          switch (cause) {
            case REPORTED -> "ended at ";
            case SILENT -> "said nothing for too long and so ended at ";
            case PROCESS_GONE -> "ended with its process at ";
            case REPLACED -> "was taken over by a later run at ";
          };
      return "job " + id + " (" + name + ") " + ended + at.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /**
   * The last value of something that a job measures of itself, such as its loss. Chase shows it and
   * decides nothing by it.
   *
   * @param value the value, which is finite
   * @param steps the count of steps with which it was reported
   * @param at when
   */
  public record JobMetric(double value, long steps, Instant at) {
    /** The most names that one job may use. */
    static final int MOST = 32;

    private static final int LONGEST_NAME = 64;

    static Map<String, Double> checked(Map<String, Double> metrics) {
      metrics.forEach(JobMetric::check);
      return Map.copyOf(metrics);
    }

    private static void check(String name, double value) {
      if (name.isBlank()
          || name.length() > LONGEST_NAME
          || name.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "metric '%s': a name has 1 to %d printable characters",
                shown(name),
                LONGEST_NAME));
      }
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "metric '%s' must be a finite number, not %s".formatted(name, value));
      }
    }

    private static String shown(String name) {
      String clean = name.replaceAll("\\p{Cntrl}", "?");
      return clean.length() <= LONGEST_NAME ? clean : clean.substring(0, LONGEST_NAME) + "...";
    }
  }
}
