package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import java.time.Instant;
import java.util.List;

/**
 * What a restart must not lose of one provider: its last answers, and when it may be asked again.
 *
 * @param recent its last believed numbers, oldest first
 * @param polledAt when it was asked for a number
 * @param notBefore when it is to be asked for the next
 * @param forecast its last forecast
 * @param forecastPolledAt when it was asked for a forecast
 * @param forecastNotBefore when it is to be asked for the next
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
