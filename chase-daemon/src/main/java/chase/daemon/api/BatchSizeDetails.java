package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All that is known of a recurring job: {@code GET /v1/batch-sizes/NAME}. */
public record BatchSizeDetails(
    BatchSizeBody job, String stage, List<BatchSizeArm> arms, List<TrialBody> trials) {
  /** Copies the lists. */
  public BatchSizeDetails {
    arms = List.copyOf(arms);
    trials = List.copyOf(trials);
  }

  /** What is believed of a batch size. */
  public record BatchSizeArm(
      int batchSize,
      String standing,
      int trials,
      int reached,
      Optional<Double> costJoules,
      Optional<Double> lowCostJoules,
      Optional<Double> highCostJoules,
      Optional<Double> expectedLimitWatts,
      Optional<Integer> limitFromBatchSize,
      String why) {}

  /** One run. */
  public record TrialBody(
      int trial,
      int batchSize,
      String kind,
      String why,
      String status,
      boolean silent,
      int epochs,
      double joules,
      double weightedJoules,
      double seconds,
      double costJoules,
      String host,
      Instant startedAt,
      Instant heardAt) {}

  /** The answer to a run: {@code POST /v1/batch-sizes/NAME/trials} and below. */
  public record TrialAnswer(
      String name,
      int trial,
      int batchSize,
      String kind,
      String status,
      boolean stop,
      boolean reached,
      int epochs,
      int maxEpochs,
      double costJoules,
      Optional<Double> mostCostJoules,
      Optional<Double> expectedLimitWatts,
      Optional<Integer> limitFromBatchSize,
      String message) {}
}
