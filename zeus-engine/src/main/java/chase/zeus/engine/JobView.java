package chase.zeus.engine;

import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Progress;
import chase.zeus.policy.Slack;
import chase.zeus.unit.Watts;
import java.time.Instant;
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
    Optional<Progress> progress,
    Optional<Slack> slack,
    Optional<Watts> limit,
    Optional<Advice> advice,
    Optional<Foresight> nextDecision,
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
}
