package chase.carbon.forecast;

/** The relative errors of all models at all horizons, recent ones counting more. */
final class Scoreboard {
  private final double kept;
  private final double[][] sums;
  private final double[][] weights;
  private final long[][] counts;

  /**
   * Nothing scored.
   *
   * @param kept the share of a score's weight that is left when one more comes
   */
  Scoreboard(int models, int horizons, double kept) {
    this.kept = kept;
    sums = new double[models][horizons];
    weights = new double[models][horizons];
    counts = new long[models][horizons];
  }

  /** Scores a forecast; nothing happens where there was none, or where truth is zero. */
  void score(int model, int horizon, double foreseen, double truth) {
    if (Double.isNaN(foreseen) || truth <= 0) {
      return;
    }
    sums[model][horizon] = kept * sums[model][horizon] + Math.abs(foreseen - truth) / truth;
    weights[model][horizon] = kept * weights[model][horizon] + 1;
    counts[model][horizon]++;
  }

  /** The mean of |truth - forecast| / truth; not a number before the first score. */
  double error(int model, int horizon) {
    return sums[model][horizon] / weights[model][horizon];
  }

  long count(int model, int horizon) {
    return counts[model][horizon];
  }
}
