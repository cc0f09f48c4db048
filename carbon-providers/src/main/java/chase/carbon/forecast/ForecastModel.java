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

  /**
   * What the provider expected last of each slot: its newest forecast, and of the slots before that
   * what an earlier one said. Where values come late, those are the ones that are scored.
   */
  static final class ProviderModel implements ForecastModel {
    private final double[] levels;
    private final long[] slots;

    /** Room for {@code slots} slots. */
    ProviderModel(int slots) {
      this.levels = new double[slots];
      this.slots = new long[slots];
      Arrays.fill(this.slots, Long.MIN_VALUE);
    }

    /** Replaces what was published before of its first slot and later ones. */
    void replace(Forecaster.ProviderForecast forecast, TimeGrid timeGrid) {
      long first =
          forecast.points().stream()
              .mapToLong(point -> timeGrid.slot(point.from()))
              .min()
              .orElse(Long.MIN_VALUE);
      for (int i = 0; i < slots.length; i++) {
        slots[i] = slots[i] >= first ? Long.MIN_VALUE : slots[i];
      }
      for (Forecaster.ProviderForecast.ForecastPeriod point : forecast.points()) {
        long slot = timeGrid.slot(point.from());
        long end =
            Math.min(timeGrid.slot(point.to().minusNanos(1)), first + 2L * slots.length / 3 - 1);
        for (; slot <= end; slot++) {
          int index = index(slot);
          slots[index] = slot;
          levels[index] = ValueScale.level(point.value().value());
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
      int index = index(slot);
      return slots[index] == slot ? levels[index] : Double.NaN;
    }

    private int index(long slot) {
      return (int) Math.floorMod(slot, (long) slots.length);
    }
  }
}
