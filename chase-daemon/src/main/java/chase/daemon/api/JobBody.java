package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One job: {@code GET /v1/jobs/ID}. */
public record JobBody(
    @JsonUnwrapped Identity identity,
    String policy,
    Optional<String> throughputSource,
    Instant startedAt,
    Optional<Instant> heardAt,
    @JsonUnwrapped Goal goal,
    @JsonUnwrapped Speed speed,
    @JsonUnwrapped PauseBody advice,
    Optional<ProfileBody> profile,
    Map<String, ReportedMetric> metrics,
    Optional<String> text) {
  /** Sorts the metrics by name. */
  public JobBody {
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
  }

  /** The same with its story in sentences. */
  public JobBody withText(String sentences) {
    return new JobBody(
        identity,
        policy,
        throughputSource,
        startedAt,
        heardAt,
        goal,
        speed,
        advice,
        profile,
        metrics,
        Optional.of(sentences));
  }

  /** Who and where it is. */
  public record Identity(
      String id,
      String name,
      String origin,
      Optional<String> user,
      Map<String, String> labels,
      List<String> gpus) {
    /** Copies the list, and sorts the labels by key. */
    public Identity {
      labels = Collections.unmodifiableMap(new TreeMap<>(labels));
      gpus = List.copyOf(gpus);
    }
  }

  /** What it has to do, and what it was promised. */
  public record Goal(
      Optional<Integer> batchSize,
      Optional<Long> steps,
      Optional<Long> totalSteps,
      Optional<Instant> deadline,
      boolean deferrable,
      Optional<Double> slowdownBound,
      Optional<String> promise) {
    /** Of a job that has not said any. */
    public static final Goal UNKNOWN =
        new Goal(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty());
  }

  /** How fast it is, and what is left of its budget. */
  public record Speed(
      Optional<Double> stepsPerSecond,
      Optional<Double> fullPowerStepsPerSecond,
      Optional<Double> slowdownRatio,
      Optional<Double> remainingSeconds,
      Optional<Double> slackSeconds,
      Optional<Double> slackRatio) {
    /** Of a job that reports no steps. */
    public static final Speed UNKNOWN =
        new Speed(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /** What it does, in a few words, and what it should do. */
  public record PauseBody(
      String state,
      Optional<Double> limitWatts,
      boolean pause,
      Optional<Instant> until,
      boolean ignoresPauses) {}

  /** The last value of a metric. */
  public record ReportedMetric(double value, long steps, Instant at) {}

  /** The answer to a report of a job: {@code POST /v1/jobs/ID/steps}. */
  public record StepsAnswer(
      String job,
      long steps,
      boolean pause,
      Optional<Instant> until,
      Optional<Double> limitWatts) {}
}
