package chase.zeus.batchsize;

import chase.zeus.profile.PowerProfile;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far a run has come.
 *
 * @param trial its number
 * @param batchSize what it trains with
 * @param epoch how many epochs are done
 * @param usage what it has used since it began
 * @param metric the validation metric now; empty when it was not evaluated
 * @param profile what was measured of the power limits, if anything was; throughput is epochs a
 *     second
 */
public record TrialReport(
    int trial,
    int batchSize,
    int epoch,
    TrialUsage usage,
    OptionalDouble metric,
    Optional<PowerProfile> profile) {

  /** Refuses an epoch below 1 and a metric that is no number with an exception that says so. */
  public TrialReport {
    if (epoch < 1) {
      throw new IllegalArgumentException("an epoch must be >= 1: " + epoch);
    }
    if (metric.isPresent() && Double.isNaN(metric.getAsDouble())) {
      throw new IllegalArgumentException("a metric must be a number: NaN");
    }
  }
}
