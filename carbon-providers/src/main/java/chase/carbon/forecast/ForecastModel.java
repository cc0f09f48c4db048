package chase.carbon.forecast;

import chase.carbon.forecast.SlotBuffer.ValueScale;
import java.util.Arrays;

/** A model that forecasts levels, which are values on the {@link ValueScale}. */
interface ForecastModel {
  /** The name under which it is scored. */
  ModelKind kind();

  /** Learns from the newest value of {@code past}; called once for each value. */
  void learn(SlotBuffer past);

  /**
   * The level {@code steps} after the newest value of {@code past}; not a number where the model
   * has none.
   */
  double forecast(SlotBuffer past, int steps);

  /** The newest value persists. */
  record PersistenceModel() implements ForecastModel {
    @Override
    public ModelKind kind() {
      return ModelKind.PERSISTENCE;
    }

    @Override
    public void learn(SlotBuffer past) {}

    @Override
    public double forecast(SlotBuffer past, int steps) {
      return past.at(past.newest());
    }
  }

  /**
   * The same time of the newest day that has a value then.
   *
   * @param slotsPerDay how many slots a day has
   */
  record YesterdayModel(int slotsPerDay) implements ForecastModel {
    private static final int MAX_DAYS = 7;

    @Override
    public ModelKind kind() {
      return ModelKind.YESTERDAY;
    }

    @Override
    public void learn(SlotBuffer past) {}

    @Override
    public double forecast(SlotBuffer past, int steps) {
      int days = Math.ceilDiv(steps, slotsPerDay);
      double level = Double.NaN;
      for (int back = days; back <= MAX_DAYS && Double.isNaN(level); back++) {
        level = past.at(past.newest() + steps - (long) back * slotsPerDay);
      }
      return level;
    }
  }

  /**
   * A model that is used no further ahead than it can be right.
   *
   * @param model what is used up to there
   * @param maxSteps how many steps ahead
   */
  record LimitedReach(ForecastModel model, int maxSteps) implements ForecastModel {
    @Override
    public ModelKind kind() {
      return model.kind();
    }

    @Override
    public void learn(SlotBuffer past) {
      model.learn(past);
    }

    @Override
    public double forecast(SlotBuffer past, int steps) {
      return steps > maxSteps ? Double.NaN : model.forecast(past, steps);
    }
  }

  /** The newest forecast that the provider published, slot by slot. */
  static final class ProviderModel implements ForecastModel {
    private final double[] levels;
    private long first;

    /** Room for {@code slots} slots. */
    ProviderModel(int slots) {
      levels = new double[slots];
      Arrays.fill(levels, Double.NaN);
    }

    /** Replaces what was published before. */
    void replace(Forecaster.ProviderForecast forecast, TimeGrid timeGrid) {
      Arrays.fill(levels, Double.NaN);
      first =
          forecast.points().stream()
              .mapToLong(point -> timeGrid.slot(point.from()))
              .min()
              .orElse(0);
      for (Forecaster.ProviderForecast.ForecastPeriod point : forecast.points()) {
        long slot = timeGrid.slot(point.from());
        long end = Math.min(timeGrid.slot(point.to().minusNanos(1)), first + levels.length - 1);
        for (; slot <= end; slot++) {
          levels[(int) (slot - first)] = ValueScale.level(point.value().value());
        }
      }
    }

    @Override
    public ModelKind kind() {
      return ModelKind.PROVIDER;
    }

    @Override
    public void learn(SlotBuffer past) {}

    @Override
    public double forecast(SlotBuffer past, int steps) {
      long slot = past.newest() + steps;
      return slot < first || slot >= first + levels.length
          ? Double.NaN
          : levels[(int) (slot - first)];
    }
  }
}
