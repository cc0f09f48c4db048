package chase.zeus.batchsize;

import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a study believes, and why it chooses as it does.
 *
 * @param stage in a sentence
 * @param arms every batch size on offer, rising
 * @param cheapest the least cost of a run that reached the target, with its failed tries
 */
public record Explanation(String stage, List<Arm> arms, OptionalDouble cheapest) {
  /** Copies the list. */
  public Explanation {
    arms = List.copyOf(arms);
  }

  /** Where a batch size stands. */
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
   * @param status where it stands
   * @param trials how many runs count
   * @param reached how many of them reached the target
   * @param cost what a run is believed to cost
   * @param low the cost that is undercut with a chance of 5 %
   * @param high the cost that is exceeded with a chance of 5 %
   * @param limit the best power limit that is known
   * @param why in words
   */
  public record Arm(
      int batchSize,
      ArmStatus status,
      int trials,
      int reached,
      OptionalDouble cost,
      OptionalDouble low,
      OptionalDouble high,
      Optional<Watts> limit,
      String why) {}
}
