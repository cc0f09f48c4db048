package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import java.time.Instant;
import java.util.List;

/**
 * What a restart must not lose of one provider: its last values, and when it may be polled again.
 *
 * @param recent its last believed values, oldest first
 * @param polledAt when its value was polled last
 * @param notBefore when its value is polled next
 * @param forecast its last forecast
 * @param forecastPolledAt when its forecast was polled last
 * @param forecastNotBefore when its forecast is polled next
 */
public record SavedSource(
    List<CarbonIntensity> recent,
    Instant polledAt,
    Instant notBefore,
    List<CarbonIntensity> forecast,
    Instant forecastPolledAt,
    Instant forecastNotBefore) {
  /** Copies the lists. */
  public SavedSource {
    recent = List.copyOf(recent);
    forecast = List.copyOf(forecast);
  }
}
