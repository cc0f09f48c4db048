package chase.carbon.forecast;

/** The interval around forecasts at one horizon, from the ratios of values to forecasts so far. */
final class IntervalEstimator {
  private static final double LOW = 0.1;
  private static final double HIGH = 0.9;

  /** With fewer errors than these an interval also leans on a guess. */
  private static final double FEW = 20;

  /** Keeps ratios of values near zero, in gCO2/kWh, within reason. */
  private static final double FLOOR = 1;

  private final FadingHistogram errors;
  private final HitRate inside;
  private final double guess;

  /**
   * Nothing added yet.
   *
   * @param kept the share of a weight that is left when one more comes
   * @param guess half the width of an interval as long as little is known, as a logarithm
   */
  IntervalEstimator(double kept, double guess) {
    errors = new FadingHistogram(kept);
    inside = new HitRate(kept);
    this.guess = guess;
  }

  void add(double forecast, double low, double high, double truth) {
    errors.add(Math.log((truth + FLOOR) / (forecast + FLOOR)));
    inside.add(low <= truth && truth <= high);
  }

  /** The value above which nine in ten truths lie, for {@code forecast}. */
  double low(double forecast) {
    return moved(forecast, error(LOW, -guess));
  }

  /** The value below which nine in ten truths lie, for {@code forecast}. */
  double high(double forecast) {
    return moved(forecast, error(HIGH, guess));
  }

  private double error(double share, double guess) {
    double known = Math.min(1, errors.weight() / FEW);
    return known * errors.at(share) + (1 - known) * guess;
  }

  private static double moved(double value, double error) {
    return Math.max(0, (value + FLOOR) * Math.exp(error) - FLOOR);
  }

  HitRate inside() {
    return inside;
  }

  /** The share of recent values inside the interval. */
  static final class HitRate {
    private final double kept;
    private double yes;
    private double all;
    private long count;

    /**
     * Nothing counted yet.
     *
     * @param kept the share of a weight that is left when one more comes
     */
    HitRate(double kept) {
      this.kept = kept;
    }

    void add(boolean isTrue) {
      yes = kept * yes + (isTrue ? 1 : 0);
      all = kept * all + 1;
      count++;
    }

    double ratio() {
      return yes / all;
    }

    long count() {
      return count;
    }
  }

  /**
   * The quantiles of recent numbers, by a histogram whose counts fade. Bins are finer near zero:
   * their edges grow by a constant factor from {@link #FINEST} on, so a quantile is right to about
   * a tenth of itself.
   */
  static final class FadingHistogram {
    private static final double FINEST = 1e-3;
    private static final double GROWTH = 1.2;
    private static final int BINS_A_SIDE = 44;

    private final float[] weights = new float[2 * BINS_A_SIDE + 1];
    private final double kept;
    private float total;

    /**
     * Nothing added yet.
     *
     * @param kept the share of a weight that is left when one more value comes
     */
    FadingHistogram(double kept) {
      this.kept = kept;
    }

    void add(double value) {
      for (int bin = 0; bin < weights.length; bin++) {
        weights[bin] *= (float) kept;
      }
      weights[bin(value)]++;
      total = (float) (total * kept + 1);
    }

    /** How many values count now, faded ones less. */
    double weight() {
      return total;
    }

    /** The value below which {@code share} of the weight lies; zero when nothing was seen. */
    double at(double share) {
      double open = share * total;
      for (int bin = 0; bin < weights.length; bin++) {
        if (open <= weights[bin] && weights[bin] > 0) {
          return edge(bin) + open / weights[bin] * (edge(bin + 1) - edge(bin));
        }
        open -= weights[bin];
      }
      return total > 0 ? edge(weights.length) : 0;
    }

    private static int bin(double value) {
      double size = Math.abs(value) / FINEST;
      int away = size <= 1 ? 0 : (int) Math.ceil(Math.log(size) / Math.log(GROWTH));
      int signed = (int) Math.signum(value) * Math.min(away, BINS_A_SIDE);
      return BINS_A_SIDE + signed;
    }

    /** The lower edge of {@code bin}. */
    private static double edge(int bin) {
      int away = bin - BINS_A_SIDE;
      return away > 0
          ? FINEST * Math.pow(GROWTH, away - 1)
          : -FINEST * Math.pow(GROWTH, -(double) away);
    }
  }
}
