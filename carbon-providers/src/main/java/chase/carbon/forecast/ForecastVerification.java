package chase.carbon.forecast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Compares what was foreseen with what came, and says how much to make of whom. */
final class ForecastVerification {
  private static final Duration MEMORY = Duration.ofDays(28);

  /** Half the width of an interval an hour ahead, as a logarithm, as long as nothing is known. */
  private static final double GUESS = 0.1;

  private final TimeGrid rhythm;
  private final List<ForecastModel> members;
  private final Horizons horizons;
  private final int stride;
  private final OriginBuffer issued;
  private final WeightedMix[] mixes;
  private final RelativeErrors scores;
  private final IntervalEstimator[] spreads;
  private final double[] levels;

  ForecastVerification(
      TimeGrid rhythm, List<ForecastModel> members, Horizons horizons, int stride) {
    this.rhythm = rhythm;
    this.members = members;
    this.horizons = horizons;
    this.stride = stride;
    levels = new double[members.size()];
    issued = new OriginBuffer(horizons.longest(), stride, (members.size() + 1) * horizons.count());
    double kept = Math.exp(-(double) stride / rhythm.steps(MEMORY));
    scores = new RelativeErrors(members.size() + 1, horizons.count(), kept);
    mixes = new WeightedMix[horizons.count()];
    Arrays.setAll(mixes, i -> new WeightedMix(members.size()));
    spreads = new IntervalEstimator[horizons.count()];
    Arrays.setAll(spreads, i -> new IntervalEstimator(kept, GUESS * Math.sqrt(1 + hours(i))));
  }

  private double hours(int horizon) {
    return horizons.steps(horizon) * rhythm.step().toMinutes() / 60.0;
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
    double value = SlotBuffer.ValueScale.value(truth);
    for (int member = 0; member <= levels.length; member++) {
      double level = row[member * horizons.count() + i];
      scores.score(member, i, SlotBuffer.ValueScale.value(level), value);
      if (member < levels.length) {
        levels[member] = level;
      }
    }
    double mean = row[levels.length * horizons.count() + i];
    if (!Double.isNaN(mean)) {
      mixes[i].learn(levels, mean, truth);
      double foreseen = SlotBuffer.ValueScale.value(mean);
      // The interval is that of now: what was learned since the forecast moves it hardly at all.
      spreads[i].add(foreseen, spreads[i].low(foreseen), spreads[i].high(foreseen), value);
    }
  }

  /** Notes what all foresee from the newest slot of {@code past}. */
  void recordForecasts(SlotBuffer past) {
    long origin = past.newest();
    if (Math.floorMod(origin, (long) stride) != 0) {
      return;
    }
    float[] row = issued.add(origin);
    for (int i = 0; i < horizons.count(); i++) {
      row[levels.length * horizons.count() + i] = (float) mean(past, horizons.steps(i));
      for (int member = 0; member < levels.length; member++) {
        row[member * horizons.count() + i] = (float) levels[member];
      }
    }
  }

  /** The mix of what all members foresee; each member's part stays in the levels. */
  double mean(SlotBuffer past, int steps) {
    for (int member = 0; member < levels.length; member++) {
      levels[member] = members.get(member).forecast(past, steps);
    }
    return mixes[horizons.covering(steps)].mean(levels);
  }

  IntervalEstimator spread(int steps) {
    return spreads[horizons.covering(steps)];
  }

  List<ModelScore> scores() {
    List<ModelScore> all = new ArrayList<>();
    for (int model = 0; model <= members.size(); model++) {
      for (int i = 0; i < horizons.count(); i++) {
        if (scores.count(model, i) > 0) {
          all.add(
              new ModelScore(
                  name(model),
                  horizon(i),
                  scores.error(model, i),
                  scores.count(model, i),
                  name(model) == ModelKind.MIX));
        }
      }
    }
    return all;
  }

  private ModelKind name(int model) {
    return model < members.size() ? members.get(model).kind() : ModelKind.MIX;
  }

  private Duration horizon(int i) {
    return rhythm.step().multipliedBy(horizons.steps(i));
  }

  List<IntervalCoverage> coverage() {
    List<IntervalCoverage> all = new ArrayList<>();
    for (int i = 0; i < horizons.count(); i++) {
      IntervalEstimator.HitRate inside = spreads[i].inside();
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
     * Nothing scored.
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
}
