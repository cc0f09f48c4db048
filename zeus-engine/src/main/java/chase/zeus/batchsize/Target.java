package chase.zeus.batchsize;

/**
 * When a training run is done.
 *
 * @param metric the value of the validation metric to reach
 * @param higherIsBetter whether the metric rises as the model learns
 */
public record Target(double metric, boolean higherIsBetter) {
  /** Refuses a value that is not finite with {@link IllegalArgumentException}. */
  public Target {
    if (!Double.isFinite(metric)) {
      throw new IllegalArgumentException("a target metric must be finite: " + metric);
    }
  }

  /** Whether a model with this value of the metric is good enough. */
  public boolean reachedBy(double value) {
    return higherIsBetter ? value >= metric : value <= metric;
  }
}
