package chase.carbon.forecast;

/**
 * A weighted mean of several forecasts at one horizon. A model's weight grows with its regret, by
 * how much the mean would have been better with more of it, over the squares of all its regrets
 * (polynomially weighted averages with multiple learning rates: Gaillard, Stoltz and van Erven, A
 * second-order bound with excess losses, COLT 2014). There is nothing to tune, and in the long run
 * the mean is nearly as good as the best fixed mix. Models without a forecast are left out.
 */
final class WeightedMix {
  /** Keeps a first regret of nothing from dividing by nothing. */
  private static final double SMALL = 1e-9;

  private final double[] regrets;
  private final double[] squares;
  private final double[] weights;

  WeightedMix(int models) {
    regrets = new double[models];
    squares = new double[models];
    weights = new double[models];
  }

  /** The mean of {@code levels}; not a number when none of them is one. */
  double mean(double[] levels) {
    boolean anyRegret = false;
    for (int i = 0; i < levels.length; i++) {
      anyRegret |= !Double.isNaN(levels[i]) && regrets[i] > 0;
    }
    double total = 0;
    double sum = 0;
    for (int i = 0; i < levels.length; i++) {
      weights[i] = Double.isNaN(levels[i]) ? 0 : weight(i, anyRegret);
      if (weights[i] > 0) {
        total += weights[i];
        sum += weights[i] * levels[i];
      }
    }
    return sum / total;
  }

  private double weight(int i, boolean anyRegret) {
    return anyRegret ? Math.max(0, regrets[i]) / (SMALL + squares[i]) : 1;
  }

  /** Learns from the models' forecasts, their mean, and the truth. */
  void learn(double[] levels, double mean, double truth) {
    double slope = Math.signum(mean - truth);
    for (int i = 0; i < levels.length; i++) {
      double regret = slope * (mean - levels[i]);
      if (!Double.isNaN(regret)) {
        regrets[i] += regret;
        squares[i] += regret * regret;
      }
    }
  }
}
