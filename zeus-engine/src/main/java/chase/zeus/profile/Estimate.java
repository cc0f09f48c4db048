package chase.zeus.profile;

/**
 * A mean of noisy samples with its uncertainty.
 *
 * @param samples the effective number of samples of equal weight, 1 or more; fractions arise where
 *     samples had different lengths
 * @param mean their mean, above zero
 * @param deviation their standard deviation around it (population form, so a single one has 0)
 */
public record Estimate(double samples, double mean, double deviation) {
  /** Two means that differ by more than this many standard errors count as different. */
  static final double SIGNIFICANT = 2;

  /**
   * The assumed deviation of a few samples, as a share of the mean; steps of a training job vary by
   * about as much.
   */
  static final double ASSUMED_DEVIATION = 0.05;

  /** How many samples the assumption counts for; its weight fades with each real sample. */
  private static final double ASSUMED_SAMPLES = 2;

  /**
   * The maximum number of samples: beyond it older ones fade, so that a mean follows a slow change.
   */
  private static final double MAX_SAMPLES = 1000;

  /** Refuses impossible numbers with {@link IllegalArgumentException}. */
  public Estimate {
    if (!(samples >= 1) || Double.isInfinite(samples)) {
      throw new IllegalArgumentException("samples must be finite and >= 1: " + samples);
    }
    if (!(mean > 0) || Double.isInfinite(mean)) {
      throw new IllegalArgumentException("mean must be finite and > 0: " + mean);
    }
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException("deviation must be finite and >= 0: " + deviation);
    }
  }

  /** A single sample. */
  public static Estimate of(double sample) {
    return new Estimate(1, sample, 0);
  }

  /**
   * The standard error of the mean, in the unit of the mean: from the spread of the samples, mixed
   * with an assumed one of 5 % that counts as two samples. Never 0.
   */
  public double error() {
    double assumed = ASSUMED_DEVIATION * mean;
    double variance =
        (ASSUMED_SAMPLES * assumed * assumed + samples * deviation * deviation)
            / (ASSUMED_SAMPLES + samples - 1);
    return Math.sqrt(variance / samples);
  }

  /** {@link #error} as a share of the mean. */
  public double relativeError() {
    return error() / mean;
  }

  /** Whether this is significantly larger than {@code other}. */
  public boolean isAbove(Estimate other) {
    return mean - other.mean > SIGNIFICANT * Math.hypot(error(), other.error());
  }

  /**
   * Both together, as if all samples had been taken at once (Chan, Golub and LeVeque 1979). The
   * result counts for 1000 samples at most, so that the newest still have an effect.
   */
  public Estimate and(Estimate other) {
    double together = samples + other.samples;
    double apart = other.mean - mean;
    double squares =
        samples * deviation * deviation
            + other.samples * other.deviation * other.deviation
            + apart * apart * samples * other.samples / together;
    return new Estimate(
        Math.min(together, MAX_SAMPLES),
        mean + apart * other.samples / together,
        Math.sqrt(squares / together));
  }

  /**
   * The same mean times {@code ratio}, with the weight of a single sample: it must be measured
   * again.
   */
  Estimate aged(double ratio) {
    return of(mean * ratio);
  }

  /**
   * Mean and spread of weighted samples, kept in one pass (West 1979, the weighted form of
   * Welford).
   *
   * @param count how many samples
   * @param weight the sum of their weights
   * @param squaredWeight the sum of their squared weights
   * @param mean their weighted mean
   * @param squares the weighted sum of squared distances from the mean
   */
  record RunningMean(int count, double weight, double squaredWeight, double mean, double squares) {
    /** No samples. */
    static final RunningMean EMPTY = new RunningMean(0, 0, 0, 0, 0);

    RunningMean plus(double sample, double sampleWeight) {
      double newWeight = weight + sampleWeight;
      double apart = sample - mean;
      double newMean = mean + apart * sampleWeight / newWeight;
      return new RunningMean(
          count + 1,
          newWeight,
          squaredWeight + sampleWeight * sampleWeight,
          newMean,
          squares + sampleWeight * apart * (sample - newMean));
    }

    /** Refuses an empty mean with an exception; Kish's effective size is the number of samples. */
    Estimate estimate() {
      double samples = Math.max(1, weight * weight / squaredWeight);
      return new Estimate(samples, mean, Math.sqrt(Math.max(0, squares / weight)));
    }
  }
}
