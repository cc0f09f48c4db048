package chase.zeus.batchsize;

/**
 * How the logarithm of the epochs to a target varies over octaves of batch size, before anything is
 * seen: a slope, a bend, and an integrated Wiener process (the prior of a smoothing spline; Wahba
 * 1978), which may bend anywhere. Its zero is the batch size that the job's owner uses.
 *
 * @param roughness how much the slope may change in an octave, as a standard deviation
 */
record Kernel(double roughness) {
  /** Standard deviations and means of the prior, in natural logarithms; wide on purpose. */
  private static final double LEVEL = 1;

  private static final double SLOPE = 0.3;
  private static final double BEND = 0.05;

  /** Epochs are convex in the logarithm of the batch size, if weakly (McCandlish et al. 2018). */
  private static final double MEAN_BEND = 0.05;

  /** What a batch size has of its own, such as a learning rate that suits it. */
  static final double OWN = 0.03;

  static double mean(double octaves) {
    return MEAN_BEND * octaves * octaves / 2;
  }

  /** The covariance of two places, without what each has of its own. */
  double covariance(double a, double b) {
    double smooth = LEVEL * LEVEL + SLOPE * SLOPE * a * b + BEND * BEND * a * a * b * b / 4;
    if (a * b <= 0) {
      return smooth;
    }
    double near = Math.min(Math.abs(a), Math.abs(b));
    double far = Math.max(Math.abs(a), Math.abs(b));
    return smooth + roughness * roughness * near * near * (far / 2 - near / 6);
  }
}
