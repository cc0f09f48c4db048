package chase.zeus.profile;

/**
 * Mean and spread of weighted samples, kept in one pass (West 1979, the weighted form of Welford).
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
