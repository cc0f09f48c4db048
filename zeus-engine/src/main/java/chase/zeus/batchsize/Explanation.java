package chase.zeus.batchsize;

import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;

/**
 * What a study predicts for each batch size, and why it suggests what it does.
 *
 * @param stage in a sentence
 * @param arms every batch size of the job, rising
 * @param cheapest the least cost of a trial that reached the target, with the failed ones before it
 */
public record Explanation(String stage, List<Arm> arms, Optional<Double> cheapest) {
  /** Copies the list. */
  public Explanation {
    arms = List.copyOf(arms);
  }

  /** Whether a batch size is still in the search. */
  public enum ArmStatus {
    /** Never tried. */
    UNTRIED,
    /** Tried, and still a candidate. */
    CANDIDATE,
    /** Left out. */
    PRUNED
  }

  /**
   * One batch size.
   *
   * @param status whether it is still in the search
   * @param trials how many trials count
   * @param reached how many of them reached the target
   * @param cost the predicted cost of a trial, in joules
   * @param low the cost that it stays below with a probability of 5 %
   * @param high the cost that it exceeds with a probability of 5 %
   * @param limit the best measured power limit
   * @param why in words
   */
  public record Arm(
      int batchSize,
      ArmStatus status,
      int trials,
      int reached,
      Optional<Double> cost,
      Optional<Double> low,
      Optional<Double> high,
      Optional<Watts> limit,
      String why) {}
}
