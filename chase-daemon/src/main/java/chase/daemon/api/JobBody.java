package chase.daemon.api;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One job: {@code GET /v1/jobs/ID}.
 *
 * @param id its name on this host
 * @param name what people call it
 * @param origin how Chase knows of it: {@code registered}, or {@code anonymous} for a process that
 *     the driver shows; of that one only who and where it is and what decides about it are known
 * @param user whose it is, as the host knows
 * @param labels what it says to be told apart by
 * @param gpus the UUIDs of its GPUs
 * @param policy what decides about them
 * @param throughputSource where its speed comes from: {@code reported}, or of an anonymous job
 *     {@code gpm} or {@code clock} where its work is counted
 * @param startedAt when it was registered, or its process began
 * @param heardAt when it last reported
 * @param batchSize samples a step
 * @param steps the count that it last reported
 * @param totalSteps the count at which it is done
 * @param deadline when it must be done
 * @param deferrable whether it may be told to pause
 * @param slowdownBound how much slower than at full power it may be
 * @param promise that in words, such as {@code at most 3 % slower}
 * @param stepsPerSecond its speed of late
 * @param fullPowerStepsPerSecond its speed at full power, by its own reports
 * @param slowdownRatio how much slower than at full power it was so far
 * @param remainingSeconds the time that it still needs at full power
 * @param slackSeconds what is left of its budget; negative when it is late
 * @param slackRatio that as a share of the whole budget
 * @param limitWatts the limit that each of its GPUs should have; no key while it is the one found
 * @param pause whether it is told to pause
 * @param until when that or the limit may change though nothing happens
 * @param ignoresPauses whether it went on though told to pause, and is planned as running
 * @param profile what was measured of it; no key where jobs are not measured
 * @param metrics the last value of each metric that it reported, by name
 * @param text who and how far it is, what its GPUs' limit is and why, in sentences; only where one
 *     job is asked for
 */
public record JobBody(
    String id,
    String name,
    String origin,
    Optional<String> user,
    Map<String, String> labels,
    List<String> gpus,
    String policy,
    Optional<String> throughputSource,
    Instant startedAt,
    Optional<Instant> heardAt,
    OptionalInt batchSize,
    OptionalLong steps,
    OptionalLong totalSteps,
    Optional<Instant> deadline,
    boolean deferrable,
    OptionalDouble slowdownBound,
    Optional<String> promise,
    OptionalDouble stepsPerSecond,
    OptionalDouble fullPowerStepsPerSecond,
    OptionalDouble slowdownRatio,
    OptionalDouble remainingSeconds,
    OptionalDouble slackSeconds,
    OptionalDouble slackRatio,
    OptionalDouble limitWatts,
    boolean pause,
    Optional<Instant> until,
    boolean ignoresPauses,
    Optional<ProfileBody> profile,
    Map<String, Metric> metrics,
    Optional<String> text) {
  /**
   * The last value of a metric.
   *
   * @param value the value
   * @param steps the count of steps with which it was reported
   * @param at when
   */
  public record Metric(double value, long steps, Instant at) {}

  /** Copies the collections, by key. */
  public JobBody {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    gpus = List.copyOf(gpus);
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
  }

  /** The same with what there is to say of it. */
  public JobBody saying(String sentences) {
    return new JobBody(
        id,
        name,
        origin,
        user,
        labels,
        gpus,
        policy,
        throughputSource,
        startedAt,
        heardAt,
        batchSize,
        steps,
        totalSteps,
        deadline,
        deferrable,
        slowdownBound,
        promise,
        stepsPerSecond,
        fullPowerStepsPerSecond,
        slowdownRatio,
        remainingSeconds,
        slackSeconds,
        slackRatio,
        limitWatts,
        pause,
        until,
        ignoresPauses,
        profile,
        metrics,
        Optional.of(sentences));
  }

  /**
   * What a job is told when it reports: {@code POST /v1/jobs/ID/steps}.
   *
   * @param job its id
   * @param steps the count that was taken in
   * @param pause whether it should pause now; only ever true for a deferrable job
   * @param until when that may change though nothing happens
   * @param limitWatts the limit that each of its GPUs should have; no key while it is the one found
   */
  public record StepsAnswer(
      String job, long steps, boolean pause, Optional<Instant> until, OptionalDouble limitWatts) {}
}
