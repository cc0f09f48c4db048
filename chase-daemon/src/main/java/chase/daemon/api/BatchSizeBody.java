package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One recurring job: {@code GET /v1/batch-sizes}. */
public record BatchSizeBody(
    String name,
    String api,
    String method,
    String cost,
    double reference,
    @JsonUnwrapped Search search,
    @JsonUnwrapped TrainingGpusBody gpus,
    Instant createdAt,
    Optional<String> owner,
    @JsonUnwrapped Results results) {

  /** What is searched for, and how. */
  public record Search(
      List<Integer> batchSizes,
      int defaultBatchSize,
      double targetMetric,
      boolean higherIsBetter,
      int maxEpochs,
      double eta,
      Optional<Double> beta,
      int window,
      long seed) {
    /** Copies the list. */
    public Search {
      batchSizes = List.copyOf(batchSizes);
    }
  }

  /** What it trains on. */
  public record TrainingGpusBody(double maxPowerWatts, int gpuCount, String gpuModel) {}

  /** Its runs so far. */
  public record Results(
      int trials,
      int running,
      int reached,
      Optional<Integer> lastBatchSize,
      Optional<Integer> bestBatchSize,
      Optional<Double> bestCostJoules) {}
}
