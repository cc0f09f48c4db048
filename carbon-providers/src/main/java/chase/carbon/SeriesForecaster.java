package chase.carbon;

import java.time.Instant;
import java.util.List;

/** Chase's own forecast of one series. For one thread at a time. */
public interface SeriesForecaster {
  /** Learns from a number that was believed. */
  void add(CarbonIntensity sample);

  /** Uses the provider's own forecast, which is scored beside Chase's models. */
  void addProviderForecast(List<CarbonIntensity> ahead);

  /**
   * What is expected from {@code now} on: periods in ascending order, none overlapping, none over.
   * Empty while too little is known.
   */
  List<CarbonIntensity> forecast(Instant now);

  /** No forecast at all. */
  static SeriesForecaster none() {
    return new SeriesForecaster() {
      @Override
      public void add(CarbonIntensity sample) {}

      @Override
      public void addProviderForecast(List<CarbonIntensity> ahead) {}

      @Override
      public List<CarbonIntensity> forecast(Instant now) {
        return List.of();
      }
    };
  }
}
