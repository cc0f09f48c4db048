package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * Registers a recurring job: {@code POST /v1/batch-sizes}. The GPUs that it trains on are named, or
 * described by their power, count and model.
 *
 * @param beta null for any cost
 * @param gpus GPUs of this host, as people name them
 * @param maxPowerWatts the highest power limit of all its GPUs together
 */
public record BatchSizeRequest(
    String name,
    List<Integer> batchSizes,
    int defaultBatchSize,
    double targetMetric,
    @JsonProperty(defaultValue = "true") boolean higherIsBetter,
    @JsonProperty(defaultValue = "100") int maxEpochs,
    @JsonProperty(defaultValue = "0.5") double eta,
    @JsonProperty(defaultValue = "2") Optional<Double> beta,
    @JsonProperty(defaultValue = "0") int window,
    @JsonProperty(defaultValue = "\"chase\"") String method,
    @JsonProperty(defaultValue = "\"energy\"") String cost,
    Optional<Long> seed,
    Optional<List<String>> gpus,
    Optional<Double> maxPowerWatts,
    Optional<Integer> gpuCount,
    Optional<String> gpuModel) {

  /**
   * Reports a run: {@code POST /v1/batch-sizes/NAME/trials/TRIAL/report}. Energy and time count
   * from its start.
   *
   * @param batchSize what it trains with, where that is to be checked
   */
  public record TrialReportRequest(
      Optional<Integer> batchSize,
      int epoch,
      double joules,
      double seconds,
      Optional<Double> metric) {}
}
