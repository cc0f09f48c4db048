package chase.carbon.forecast;

/** The errors of all models at all horizons, recent ones counting more. */
final class Scoreboard {
  /** Below this many scores a model is not preferred to an older one. */
  private static final int ENOUGH = 6;

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

  /** Scores a forecast in logarithms; nothing happens where there was none, or truth is zero. */
  void score(int model, int horizon, double foreseen, double truth) {
    double value = Timeline.value(truth);
    if (Double.isNaN(foreseen) || value <= 0) {
      return;
    }
    double error = Math.abs(Timeline.value(foreseen) - value) / value;
    sums[model][horizon] = kept * sums[model][horizon] + error;
    weights[model][horizon] = kept * weights[model][horizon] + 1;
    counts[model][horizon]++;
  }

  double error(int model, int horizon) {
    double weight = weights[model][horizon];
    return weight > 0 ? sums[model][horizon] / weight : Double.NaN;
  }

  long count(int model, int horizon) {
    return counts[model][horizon];
  }

  /** The model with the least error of those with enough scores; the first one without any. */
  int winner(int horizon) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int model = 0; model < sums.length; model++) {
      if (counts[model][horizon] >= ENOUGH && error(model, horizon) < least) {
        best = model;
        least = error(model, horizon);
      }
    }
    return best;
  }
}
