package chase.zeus.batchsize;

/**
 * The value of the validation metric at which a training is done.
 *
 * @param value the value to reach
 * @param higherIsBetter whether the metric rises as the model learns
 */
public record TargetMetric(double value, boolean higherIsBetter) {
  /** Refuses a value that is not finite with {@link IllegalArgumentException}. */
  public TargetMetric {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a target metric must be finite: " + value);
    }
  }

  /** Whether a model with this value of the metric is good enough. */
  public boolean isReachedBy(double metric) {
    return higherIsBetter ? metric >= value : metric <= value;
  }
}
