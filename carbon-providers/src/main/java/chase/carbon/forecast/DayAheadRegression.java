package chase.carbon.forecast;

import chase.carbon.forecast.LeastSquares.ErrorClip;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Ridge regressions of what comes on the last day's deviations from the usual day and the day of
 * the week, for each hour at which a forecast is made and each horizon apart. A night predicts noon
 * in another way than noon predicts the night, so one set of coefficients for all hours does worse.
 * All horizons of an hour share their inputs, hence one inverse matrix.
 */
final class DayAheadRegression implements ForecastModel {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int HOURS = 24;
  private static final int NEWEST = 4;
  private static final Duration HALF_LIFE = Duration.ofDays(180);
  private static final double PENALTY = 1;

  /**
   * The newest deviations predict best, so theirs are the coefficients that are held back least.
   */
  private static final float[] SCALE = {3, 2, 2};

  /** A flag this small lets a day of the week shift a level by no more than it must. */
  private static final float FLAG = 0.2f;

  private static final int DAYS = 7;

  private final TimeGrid timeGrid;
  private final Horizons horizons;
  private final DailyProfile profile;
  private final int stride;
  private final int[] lags;
  private final int inputs;
  private final OriginBuffer rows;
  private final LeastSquares[] squares;
  private final float[][][] weights;
  private final ErrorClip[] clips;
  private final double[] deviations;

  DayAheadRegression(TimeGrid timeGrid, Horizons horizons, DailyProfile profile, int stride) {
    this.timeGrid = timeGrid;
    this.horizons = horizons;
    this.profile = profile;
    this.stride = stride;
    lags = lags(timeGrid);
    inputs = lags.length + 1 + DAYS;
    rows = new OriginBuffer(horizons.longest(), stride, 2 * inputs + horizons.count());
    int hours = Math.min(HOURS, timeGrid.slotsPerDay());
    double halfLife = (double) timeGrid.steps(HALF_LIFE) / stride / hours;
    squares = new LeastSquares[hours];
    Arrays.setAll(squares, hour -> new LeastSquares(inputs, halfLife, PENALTY));
    weights = new float[hours][horizons.count()][inputs];
    clips = new ErrorClip[horizons.count()];
    Arrays.setAll(clips, i -> new ErrorClip());
    deviations = new double[horizons.count()];
    for (float[][] hour : weights) {
      for (int i = 0; i < horizons.count(); i++) {
        hour[i][0] =
            (float) Math.pow(DailyProfile.ProfileModel.keptPerStep(timeGrid), horizons.steps(i))
                / SCALE[0];
      }
    }
  }

  /** The newest few steps and every hour of a day, in steps back. */
  private static int[] lags(TimeGrid timeGrid) {
    double hour = (double) HOUR.toMinutes() / timeGrid.step().toMinutes();
    IntStream hours = IntStream.range(0, HOURS).map(back -> (int) Math.round(back * hour));
    return IntStream.concat(IntStream.range(0, NEWEST), hours)
        .filter(lag -> lag < timeGrid.slotsPerDay())
        .sorted()
        .distinct()
        .toArray();
  }

  @Override
  public ModelKind kind() {
    return ModelKind.RIDGE;
  }

  @Override
  public void learn(SlotBuffer past) {
    long newest = past.newest();
    for (int i = 0; i < horizons.count(); i++) {
      long origin = newest - horizons.steps(i);
      Optional<float[]> row = rows.find(origin);
      if (row.isPresent()) {
        learn(past.at(newest), row.get(), weights[hour(origin)][i], i);
      }
    }
    boolean kept =
        Math.floorMod(newest, (long) stride) == 0 && past.length() > timeGrid.slotsPerDay();
    float[] x = inputs(past);
    if (kept) {
      keep(newest, x);
    }
    for (int i = 0; i < horizons.count(); i++) {
      deviations[i] = dot(weights[hour(newest)][i], x);
    }
  }

  private void learn(double level, float[] row, float[] coefficients, int i) {
    double open = level - row[2 * inputs + i] - dot(coefficients, row);
    if (Double.isNaN(open)) {
      return;
    }
    double error = clips[i].clip(open);
    for (int k = 0; k < inputs; k++) {
      coefficients[k] += (float) (row[inputs + k] * error);
    }
  }

  /** A row holds the inputs, their gain, and the usual level at each horizon. */
  private void keep(long origin, float[] x) {
    float[] gain = new float[inputs];
    squares[hour(origin)].update(x, gain);
    float[] row = rows.add(origin);
    System.arraycopy(x, 0, row, 0, inputs);
    System.arraycopy(gain, 0, row, inputs, inputs);
    for (int i = 0; i < horizons.count(); i++) {
      row[2 * inputs + i] = (float) profile.at(origin + horizons.steps(i));
    }
  }

  private float[] inputs(SlotBuffer past) {
    float[] x = new float[inputs];
    for (int i = 0; i < lags.length; i++) {
      float scale = i < SCALE.length ? SCALE[i] : 1;
      x[i] = scale * (float) profile.deviation(past, past.newest() - lags[i]);
    }
    x[lags.length] = FLAG;
    x[lags.length + 1 + timeGrid.weekday(past.newest() + timeGrid.slotsPerDay())] = FLAG;
    return x;
  }

  private int hour(long slot) {
    return (int)
        (Math.floorMod(slot, (long) timeGrid.slotsPerDay())
            * weights.length
            / timeGrid.slotsPerDay());
  }

  private double dot(float[] coefficients, float[] x) {
    double sum = 0;
    for (int i = 0; i < inputs; i++) {
      sum += coefficients[i] * x[i];
    }
    return sum;
  }

  @Override
  public double forecast(SlotBuffer past, int steps) {
    return profile.at(past.newest() + steps) + horizons.between(deviations, steps);
  }
}
