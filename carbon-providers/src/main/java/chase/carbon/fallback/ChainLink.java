package chase.carbon.fallback;

import chase.carbon.CarbonForecast;
import chase.carbon.CarbonSource;
import chase.carbon.SignalKind;
import java.util.Optional;

/**
 * One provider's place in a chain.
 *
 * @param signal the kind of number that it gives
 * @param source its number for now
 * @param forecast its numbers for the hours to come, where it has any
 */
public record ChainLink(SignalKind signal, CarbonSource source, Optional<CarbonForecast> forecast) {
  /** The provider's name and what kind of number it gives, such as {@code neso (average)}. */
  String description() {
    return "%s (%s)".formatted(source.provider(), signal.description());
  }
}
