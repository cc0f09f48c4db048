package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the grid at one moment.
 *
 * @param level how far it has fallen back
 * @param current the value to act on; empty at {@link FallbackLevel#NO_SIGNAL} and only there
 * @param forecast the periods after {@code current}, ascending, none overlapping; may be empty
 * @param validUntil when time alone may change this signal
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

  static GridSignal none(Instant validUntil) {
    return new GridSignal(FallbackLevel.NO_SIGNAL, Optional.empty(), List.of(), validUntil);
  }

  /** The provider that gave this host the current value; empty without one. */
  Optional<String> provider() {
    return current.map(CarbonIntensity::source);
  }
}
