package chase.carbon;

import java.time.Instant;
import java.util.List;

/** Chase's own forecast of one series. For one thread at a time. */
public interface OwnForecast {
  /** Learns from a number that was believed. */
  void take(CarbonIntensity sample);

  /** Hears what the provider expects, to be measured beside our own. */
  void hear(List<CarbonIntensity> ahead);

  /**
   * What is expected from {@code now} on: periods in ascending order, none overlapping, none over.
   * Empty while too little is known.
   */
  List<CarbonIntensity> ahead(Instant now);

  /** No forecast at all. */
  static OwnForecast none() {
    return new OwnForecast() {
      @Override
      public void take(CarbonIntensity sample) {}

      @Override
      public void hear(List<CarbonIntensity> ahead) {}

      @Override
      public List<CarbonIntensity> ahead(Instant now) {
        return List.of();
      }
    };
  }
}
