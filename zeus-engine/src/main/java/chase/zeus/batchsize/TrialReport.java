package chase.zeus.batchsize;

import chase.zeus.profile.PowerProfile;
import java.util.Optional;

/**
 * The progress of a trial, as its training reports it.
 *
 * @param trial its number
 * @param batchSize what it trains with
 * @param epoch how many epochs are done
 * @param usage its energy and time since it began
 * @param metric the validation metric now; empty when it was not evaluated
 * @param profile what was measured of the power limits, where it was; throughput is epochs a second
 */
public record TrialReport(
    int trial,
    int batchSize,
    int epoch,
    TrialUsage usage,
    Optional<Double> metric,
    Optional<PowerProfile> profile) {

  /**
   * Refuses an epoch below 1 and a metric that is not a number with {@link
   * IllegalArgumentException}.
   */
  public TrialReport {
    if (epoch < 1) {
      throw new IllegalArgumentException("an epoch must be >= 1: " + epoch);
    }
    if (metric.isPresent() && Double.isNaN(metric.get())) {
      throw new IllegalArgumentException("a metric must be a number: NaN");
    }
  }
}
