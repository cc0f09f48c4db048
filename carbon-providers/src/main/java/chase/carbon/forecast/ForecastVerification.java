package chase.carbon.forecast;

import chase.carbon.forecast.ForecastScores.IntervalCoverage;
import chase.carbon.forecast.ForecastScores.ModelScore;
import chase.carbon.forecast.SlotBuffer.ValueScale;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Compares forecasts with the values that followed; scores, weights and intervals are its result.
 */
final class ForecastVerification {
  private static final Duration MEMORY = Duration.ofDays(28);

  /** Half the width of an interval an hour ahead, as a logarithm, as long as nothing is known. */
  private static final double GUESS = 0.1;

  private final TimeGrid timeGrid;
  private final List<ForecastModel> models;
  private final Horizons horizons;
  private final int stride;
  private final OriginBuffer issued;
  private final WeightedMix[] mixes;
  private final RelativeErrors errors;
  private final IntervalEstimator[] intervals;
  private final double[] levels;

  ForecastVerification(
      TimeGrid timeGrid, List<ForecastModel> models, Horizons horizons, int stride) {
    this.timeGrid = timeGrid;
    this.models = models;
    this.horizons = horizons;
    this.stride = stride;
    levels = new double[models.size()];
    issued = new OriginBuffer(horizons.longest(), stride, (models.size() + 1) * horizons.count());
    double kept = Math.exp(-(double) stride / timeGrid.steps(MEMORY));
    errors = new RelativeErrors(models.size() + 1, horizons.count(), kept);
    mixes = new WeightedMix[horizons.count()];
    Arrays.setAll(mixes, i -> new WeightedMix(models.size()));
    intervals = new IntervalEstimator[horizons.count()];
    Arrays.setAll(intervals, i -> new IntervalEstimator(kept, GUESS * Math.sqrt(1 + hours(i))));
  }

  private double hours(int horizon) {
    return horizons.steps(horizon) * timeGrid.step().toMinutes() / 60.0;
  }

  /** Scores every forecast that was made for {@code slot}, whose level is {@code truth}. */
  void score(long slot, double truth) {
    for (int i = 0; i < horizons.count(); i++) {
      Optional<float[]> row = issued.find(slot - horizons.steps(i));
      if (row.isPresent()) {
        score(row.get(), i, truth);
      }
    }
  }

  private void score(float[] row, int i, double truth) {
    double value = ValueScale.value(truth);
    for (int model = 0; model <= levels.length; model++) {
      double level = row[model * horizons.count() + i];
      errors.score(model, i, ValueScale.value(level), value);
      if (model < levels.length) {
        levels[model] = level;
      }
    }
    double mean = row[levels.length * horizons.count() + i];
    if (!Double.isNaN(mean)) {
      mixes[i].learn(levels, mean, truth);
      double forecast = ValueScale.value(mean);
      // The interval is that of now: what was learned since the forecast moves it hardly at all.
      intervals[i].add(forecast, intervals[i].low(forecast), intervals[i].high(forecast), value);
    }
  }

  /** Keeps the forecasts of all models from the newest slot of {@code past}. */
  void recordForecasts(SlotBuffer past) {
    long origin = past.newest();
    if (Math.floorMod(origin, (long) stride) != 0) {
      return;
    }
    float[] row = issued.add(origin);
    for (int i = 0; i < horizons.count(); i++) {
      row[levels.length * horizons.count() + i] = (float) mean(past, horizons.steps(i));
      for (int model = 0; model < levels.length; model++) {
        row[model * horizons.count() + i] = (float) levels[model];
      }
    }
  }

  /** The mix of all forecasts; each model's own is left in the levels. */
  double mean(SlotBuffer past, int steps) {
    for (int model = 0; model < levels.length; model++) {
      levels[model] = models.get(model).forecast(past, steps);
    }
    return mixes[horizons.covering(steps)].mean(levels);
  }

  IntervalEstimator interval(int steps) {
    return intervals[horizons.covering(steps)];
  }

  /** How every model did, and how often values lay inside the intervals. */
  ForecastScores scores() {
    return new ForecastScores(modelScores(), coverage());
  }

  private List<ModelScore> modelScores() {
    List<ModelScore> all = new ArrayList<>();
    for (int model = 0; model <= models.size(); model++) {
      for (int i = 0; i < horizons.count(); i++) {
        if (errors.count(model, i) > 0) {
          all.add(
              new ModelScore(
                  name(model),
                  horizon(i),
                  errors.error(model, i),
                  errors.count(model, i),
                  name(model) == ModelKind.MIX));
        }
      }
    }
    return all;
  }

  private ModelKind name(int model) {
    return model < models.size() ? models.get(model).kind() : ModelKind.MIX;
  }

  private Duration horizon(int i) {
    return timeGrid.step().multipliedBy(horizons.steps(i));
  }

  private List<IntervalCoverage> coverage() {
    List<IntervalCoverage> all = new ArrayList<>();
    for (int i = 0; i < horizons.count(); i++) {
      IntervalEstimator.HitRate inside = intervals[i].inside();
      if (inside.count() > 0) {
        all.add(new IntervalCoverage(horizon(i), inside.ratio(), inside.count()));
      }
    }
    return all;
  }

  /** The relative errors of all models at all horizons, recent ones counting more. */
  static final class RelativeErrors {
    private final double kept;
    private final double[][] sums;
    private final double[][] weights;
    private final long[][] counts;

    /**
     * Nothing scored yet.
     *
     * @param kept the share of a score's weight that is left when one more comes
     */
    RelativeErrors(int models, int horizons, double kept) {
      this.kept = kept;
      sums = new double[models][horizons];
      weights = new double[models][horizons];
      counts = new long[models][horizons];
    }

    /** Scores a forecast; nothing happens where there was none, or where truth is zero. */
    void score(int model, int horizon, double forecast, double truth) {
      if (Double.isNaN(forecast) || truth <= 0) {
        return;
      }
      sums[model][horizon] = kept * sums[model][horizon] + Math.abs(forecast - truth) / truth;
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
}
