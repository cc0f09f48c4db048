package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * All that is known of a recurring job: {@code GET /v1/batch-sizes/NAME}.
 *
 * @param job the job
 * @param stage what the method does now, in a sentence
 * @param arms every batch size on offer, rising
 * @param trials its runs, in the order in which they were dispatched
 */
public record BatchSizeDetails(
    BatchSizeBody job, String stage, List<BatchSizeArm> arms, List<TrialBody> trials) {
  /** Copies the lists. */
  public BatchSizeDetails {
    arms = List.copyOf(arms);
    trials = List.copyOf(trials);
  }

  /**
   * What is believed of a batch size.
   *
   * @param batchSize which
   * @param standing {@code untried}, {@code candidate} or {@code pruned}
   * @param trials how many runs count
   * @param reached how many of those reached the target
   * @param costJoules what a run is believed to cost, in weighted joules
   * @param lowCostJoules the cost that is undercut with a chance of 5 %
   * @param highCostJoules the cost that is exceeded with a chance of 5 %
   * @param expectedLimitWatts the power limit that costs least by the profile that was measured
   * @param limitFromBatchSize whose profile that is, where it is another's
   * @param why in words; may be empty
   */
  public record BatchSizeArm(
      int batchSize,
      String standing,
      int trials,
      int reached,
      OptionalDouble costJoules,
      OptionalDouble lowCostJoules,
      OptionalDouble highCostJoules,
      OptionalDouble expectedLimitWatts,
      OptionalInt limitFromBatchSize,
      String why) {}

  /**
   * One run.
   *
   * @param trial its number
   * @param batchSize what it trains with
   * @param kind why it was given that: {@code exploration}, {@code concurrent} or {@code sampled}
   * @param why the same in words
   * @param status what became of it: {@code running}, {@code reached}, {@code stopped}, {@code
   *     exhausted}, {@code failed} or {@code declined}
   * @param silent whether it counts as failed only because it says nothing
   * @param epochs how many it has trained
   * @param joules its energy
   * @param weightedJoules its energy, each joule times what it weighed
   * @param seconds its time
   * @param costJoules what it has cost, in weighted joules
   * @param host where it was asked for
   * @param startedAt when
   * @param heardAt when it last reported
   */
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

  /**
   * What a run is told: {@code POST /v1/batch-sizes/NAME/trials} and below.
   *
   * @param name the job
   * @param trial the run's number
   * @param batchSize what it is to train with
   * @param kind why: {@code exploration}, {@code concurrent} or {@code sampled}
   * @param status {@code running}, or how it ended
   * @param stop whether it is to end
   * @param reached whether it reached the target
   * @param epochs how many are known
   * @param maxEpochs the most that it may train
   * @param costJoules what it has cost so far, in weighted joules
   * @param mostCostJoules what it may cost; no key while nothing is known
   * @param expectedLimitWatts the power limit that costs least by the profile that was measured
   * @param limitFromBatchSize whose profile that is, where it is another's
   * @param message why, in words
   */
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
      OptionalDouble mostCostJoules,
      OptionalDouble expectedLimitWatts,
      OptionalInt limitFromBatchSize,
      String message) {}
}
