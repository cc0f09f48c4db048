package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One job: {@code GET /v1/jobs/ID}.
 *
 * @param id its name on this host
 * @param name what people call it
 * @param gpus the UUIDs of its GPUs
 * @param policy what decides about them
 * @param throughputSource where its speed comes from: {@code reported}
 * @param startedAt when it was registered
 * @param heardAt when it last reported
 * @param batchSize samples a step
 * @param steps the count that it last reported
 * @param totalSteps the count at which it is done
 * @param deadline when it must be done
 * @param deferrable whether it may be told to pause
 * @param slowdownBound how much slower than at full power it may be
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
 */
public record JobBody(
    String id,
    String name,
    List<String> gpus,
    String policy,
    String throughputSource,
    Instant startedAt,
    Instant heardAt,
    OptionalInt batchSize,
    OptionalLong steps,
    OptionalLong totalSteps,
    Optional<Instant> deadline,
    boolean deferrable,
    OptionalDouble slowdownBound,
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
    Optional<ProfileBody> profile) {
  /** Copies the list. */
  public JobBody {
    gpus = List.copyOf(gpus);
  }
}
