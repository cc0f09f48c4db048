package chase.daemon.api;

import chase.zeus.policy.SlowdownBound;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Registers a job: {@code POST /v1/jobs}.
 *
 * @param gpus its GPUs, as people name them; absent when it names its process instead
 * @param deadline when it must be done, ISO-8601
 * @param idleWatts the draw of a GPU while the job is paused
 * @param key what identifies a repeated registration
 */
public record JobRequest(
    String name,
    Optional<List<String>> gpus,
    Optional<Long> pid,
    Optional<Integer> batchSize,
    Optional<Long> totalSteps,
    Optional<String> deadline,
    @JsonProperty(defaultValue = "false") boolean deferrable,
    Optional<Double> idleWatts,
    @JsonProperty(defaultValue = "false") boolean releasesGpu,
    Optional<SlowdownBound> slowdownBound,
    @JsonProperty(defaultValue = "{}") Map<String, String> labels,
    Optional<String> key) {

  /**
   * Reports steps: {@code POST /v1/jobs/ID/steps}.
   *
   * @param steps the count of all steps so far
   * @param metrics numbers by name, finite or not
   */
  public record StepsRequest(
      long steps, @JsonProperty(defaultValue = "{}") Map<String, Double> metrics) {}
}
