package chase.carbon.forecast;

import java.util.Arrays;

/** The newest forecast that the provider published, slot by slot. */
final class Published implements ForecastModel {
  private final double[] levels;
  private long first;

  /** Room for {@code slots} slots. */
  Published(int slots) {
    levels = new double[slots];
    Arrays.fill(levels, Double.NaN);
  }

  /** Replaces what was published before. */
  void replace(ProviderForecast forecast, TimeGrid rhythm) {
    Arrays.fill(levels, Double.NaN);
    first =
        forecast.points().stream().mapToLong(point -> rhythm.slot(point.from())).min().orElse(0);
    for (ProviderForecast.ForecastPeriod point : forecast.points()) {
      long slot = rhythm.slot(point.from());
      long end = Math.min(rhythm.slot(point.to().minusNanos(1)), first + levels.length - 1);
      for (; slot <= end; slot++) {
        levels[(int) (slot - first)] = Level.level(point.value().value());
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
