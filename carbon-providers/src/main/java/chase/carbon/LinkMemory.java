package chase.carbon;

import java.time.Instant;
import java.util.List;

/**
 * What a restart must not lose of one provider: its last answers, and when it may be asked again.
 *
 * @param recent its last believed numbers, oldest first
 * @param askedAt when it was asked for a number
 * @param notBefore when it is to be asked for the next
 * @param forecast its last forecast
 * @param forecastAskedAt when it was asked for a forecast
 * @param forecastNotBefore when it is to be asked for the next
 */
public record LinkMemory(
    List<CarbonIntensity> recent,
    Instant askedAt,
    Instant notBefore,
    List<CarbonIntensity> forecast,
    Instant forecastAskedAt,
    Instant forecastNotBefore) {
  /** Copies the lists. */
  public LinkMemory {
    recent = List.copyOf(recent);
    forecast = List.copyOf(forecast);
  }
}
