package chase.carbon.relay;

import chase.carbon.CarbonIntensity;
import chase.carbon.EnergyPrice;
import chase.carbon.fallback.FallbackLevel;
import java.util.List;
import java.util.Optional;

/**
 * What a Chase knows of its grid, as it passes it on.
 *
 * @param relay the Chase that passes it on
 * @param provider the provider that it polls first
 * @param level how far its signal has fallen back
 * @param current the number that counts at this level; empty without a signal and only there
 * @param forecast the periods after it, ascending
 * @param trouble why its first provider has no new number, in one line
 * @param prices what energy costs from the running period on, ascending; may be empty
 * @param attribution what the licences of all this want shown beside it, a line each
 */
public record RelayedOutlook(
    CarbonIntensity.Relay relay,
    String provider,
    FallbackLevel level,
    Optional<CarbonIntensity> current,
    List<CarbonIntensity> forecast,
    Optional<String> trouble,
    List<EnergyPrice> prices,
    List<String> attribution) {
  /** Copies the lists, and refuses a signal without a number, or a number without a signal. */
  public RelayedOutlook {
    if (level.usable() != current.isPresent()) {
      throw new IllegalArgumentException("level " + level.label() + " contradicts its number");
    }
    forecast = List.copyOf(forecast);
    prices = List.copyOf(prices);
    attribution = List.copyOf(attribution);
  }
}
