package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a chain says at one moment.
 *
 * @param level how far it has fallen back
 * @param current the number to act on; empty at {@link FallbackLevel#NO_SIGNAL} and only there
 * @param forecast what is expected of the periods after {@code now}, ascending, none overlapping;
 *     may be empty
 * @param validUntil when time alone may change this answer
 */
public record GridSignal(
    FallbackLevel level,
    Optional<CarbonIntensity> current,
    List<CarbonIntensity> forecast,
    Instant validUntil) {
  /** Copies the list. */
  public GridSignal {
    forecast = List.copyOf(forecast);
  }

  static GridSignal none(Instant holdsUntil) {
    return new GridSignal(FallbackLevel.NO_SIGNAL, Optional.empty(), List.of(), holdsUntil);
  }

  /** Who speaks; empty when nobody does. */
  Optional<String> provider() {
    return current.map(CarbonIntensity::provider);
  }
}
