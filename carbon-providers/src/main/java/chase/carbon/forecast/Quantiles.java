package chase.carbon.forecast;

/**
 * The quantiles of what was seen lately, by a histogram whose counts fade. Bins are finer near
 * zero: their edges grow by a constant factor from {@link #FINEST} on, so a quantile is right to
 * about a tenth of itself.
 */
final class Quantiles {
  private static final double FINEST = 1e-3;
  private static final double GROWTH = 1.2;
  private static final int BINS_A_SIDE = 44;

  private final float[] weights = new float[2 * BINS_A_SIDE + 1];
  private final double kept;
  private float total;

  /**
   * Nothing seen.
   *
   * @param kept the share of a weight that is left when one more value comes
   */
  Quantiles(double kept) {
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
