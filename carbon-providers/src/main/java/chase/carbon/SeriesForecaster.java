package chase.carbon;

import java.time.Instant;
import java.util.List;

/** Chase's own forecast of one series. For one thread at a time. */
public interface SeriesForecaster {
  /** Learns from a value that was believed and observed: measured, estimated or replayed. */
  void add(CarbonIntensity value);

  /** Uses the provider's own forecast, which is scored beside Chase's models. */
  void addProviderForecast(List<CarbonIntensity> points);

  /**
   * The forecast from {@code now} on: periods in ascending order, none overlapping, none over.
   * Empty while too little is known.
   */
  List<CarbonIntensity> forecast(Instant now);
}
