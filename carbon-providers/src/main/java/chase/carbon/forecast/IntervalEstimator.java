package chase.carbon.forecast;

/** How far the truth came to lie from what was foreseen at one horizon, as a ratio of values. */
final class IntervalEstimator {
  private static final double LOW = 0.1;
  private static final double HIGH = 0.9;

  /** With fewer errors than these an interval also leans on a guess. */
  private static final double FEW = 20;

  /** Keeps ratios of values near zero, in gCO2/kWh, within reason. */
  private static final double FLOOR = 1;

  private final Quantiles errors;
  private final Tally inside;
  private final double guess;

  /**
   * Nothing seen.
   *
   * @param kept the share of a weight that is left when one more comes
   * @param guess half the width of an interval as long as little is known, as a logarithm
   */
  IntervalEstimator(double kept, double guess) {
    errors = new Quantiles(kept);
    inside = new Tally(kept);
    this.guess = guess;
  }

  void add(double foreseen, double low, double high, double truth) {
    errors.add(Math.log((truth + FLOOR) / (foreseen + FLOOR)));
    inside.add(low <= truth && truth <= high);
  }

  /** The value above which nine in ten truths lie, where {@code foreseen} was. */
  double low(double foreseen) {
    return moved(foreseen, error(LOW, -guess));
  }

  /** The value below which nine in ten truths lie, where {@code foreseen} was. */
  double high(double foreseen) {
    return moved(foreseen, error(HIGH, guess));
  }

  private double error(double share, double guess) {
    double known = Math.min(1, errors.weight() / FEW);
    return known * errors.at(share) + (1 - known) * guess;
  }

  private static double moved(double value, double error) {
    return Math.max(0, (value + FLOOR) * Math.exp(error) - FLOOR);
  }

  Tally inside() {
    return inside;
  }
}
