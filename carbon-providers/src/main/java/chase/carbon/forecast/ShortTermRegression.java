package chase.carbon.forecast;

import chase.carbon.forecast.LeastSquares.ErrorClip;
import java.time.Duration;
import java.util.Optional;

/**
 * One regression for each horizon, of nine coefficients that are the same at all hours: the newest
 * deviation from the usual day, its last three changes, the one of 23 hours ago, those of the
 * forecast time a day and a week before, the weekend, and a constant. Few coefficients learn fast.
 */
final class ShortTermRegression implements ForecastModel {
  private static final int INPUTS = 9;
  private static final int FROM_ORIGIN = 5;
  private static final Duration HALF_LIFE = Duration.ofDays(60);
  private static final double PENALTY = 0.05;
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TimeGrid timeGrid;
  private final Horizons horizons;
  private final DailyProfile profile;
  private final int stride;
  private final OriginBuffer rows;
  private final LeastSquares[] squares;
  private final float[][] weights;
  private final ErrorClip[] clips;
  private final double[] deviations;
  private final float[] x = new float[INPUTS];
  private final float[] gain = new float[INPUTS];

  ShortTermRegression(TimeGrid timeGrid, Horizons horizons, DailyProfile profile, int stride) {
    this.timeGrid = timeGrid;
    this.horizons = horizons;
    this.profile = profile;
    this.stride = stride;
    rows = new OriginBuffer(horizons.longest(), stride, FROM_ORIGIN + horizons.count());
    double halfLife = (double) timeGrid.steps(HALF_LIFE) / stride;
    squares = new LeastSquares[horizons.count()];
    weights = new float[horizons.count()][INPUTS];
    clips = new ErrorClip[horizons.count()];
    deviations = new double[horizons.count()];
    for (int i = 0; i < horizons.count(); i++) {
      squares[i] = new LeastSquares(INPUTS, halfLife, PENALTY);
      weights[i][0] =
          (float) Math.pow(DailyProfile.ProfileModel.keptPerStep(timeGrid), horizons.steps(i));
      clips[i] = new ErrorClip();
    }
  }

  @Override
  public ModelKind kind() {
    return ModelKind.LITE;
  }

  @Override
  public void learn(SlotBuffer past) {
    long newest = past.newest();
    for (int i = 0; i < horizons.count(); i++) {
      Optional<float[]> row = rows.find(newest - horizons.steps(i));
      if (row.isPresent()) {
        learn(past, row.get(), i);
      }
    }
    float[] row = row(past);
    for (int i = 0; i < horizons.count(); i++) {
      inputs(past, row, i, newest + horizons.steps(i));
      deviations[i] = dot(weights[i], x);
    }
  }

  private void learn(SlotBuffer past, float[] row, int i) {
    inputs(past, row, i, past.newest());
    double open = past.at(past.newest()) - row[FROM_ORIGIN + i] - dot(weights[i], x);
    if (Double.isNaN(open)) {
      return;
    }
    squares[i].update(x, gain);
    double error = clips[i].clip(open);
    for (int k = 0; k < INPUTS; k++) {
      weights[i][k] += (float) (gain[k] * error);
    }
  }

  /** The inputs at the newest value; kept where it is an origin with a day of values before it. */
  private float[] row(SlotBuffer past) {
    long newest = past.newest();
    boolean kept =
        Math.floorMod(newest, (long) stride) == 0 && past.length() > timeGrid.slotsPerDay();
    float[] row = kept ? rows.add(newest) : new float[FROM_ORIGIN + horizons.count()];
    for (int lag = 0; lag < 4; lag++) {
      row[lag] = (float) profile.deviation(past, newest - lag);
    }
    row[4] =
        (float)
            profile.deviation(past, newest - timeGrid.slotsPerDay() + timeGrid.stepsToCover(HOUR));
    for (int i = 0; i < horizons.count(); i++) {
      row[FROM_ORIGIN + i] = (float) profile.at(newest + horizons.steps(i));
    }
    return row;
  }

  private void inputs(SlotBuffer past, float[] row, int i, long target) {
    int day = timeGrid.slotsPerDay();
    x[0] = row[0];
    x[1] = row[0] - row[1];
    x[2] = row[1] - row[2];
    x[3] = row[2] - row[3];
    x[4] = row[4];
    double usual = row[FROM_ORIGIN + i];
    x[5] = above(past.at(target - (long) Math.ceilDiv(horizons.steps(i), day) * day), usual);
    x[6] = above(past.at(target - timeGrid.steps(WEEK)), usual);
    x[7] = timeGrid.isWeekend(target) ? 1 : 0;
    x[8] = 1;
  }

  private static float above(double level, double usual) {
    double above = level - usual;
    return Double.isNaN(above) ? 0 : (float) above;
  }

  private static double dot(float[] weights, float[] inputs) {
    double sum = 0;
    for (int i = 0; i < inputs.length; i++) {
      sum += weights[i] * inputs[i];
    }
    return sum;
  }

  @Override
  public double forecast(SlotBuffer past, int steps) {
    return profile.at(past.newest() + steps) + horizons.between(deviations, steps);
  }
}
