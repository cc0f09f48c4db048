package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the daemon knows of the grid.
 *
 * @param provider who is asked
 * @param region about where
 * @param current the last number that came in, which may be too old to act on
 * @param trouble why the last poll brought nothing, empty when it did
 * @param maxAge how old a number may be and still be acted on
 * @param reference the intensity that counts as dirty, gCO2/kWh, once there is one
 * @param pollsOk polls that brought a number
 * @param pollsFailed polls that did not
 */
public record GridState(
    String provider,
    Region region,
    Optional<CarbonIntensity> current,
    Optional<Trouble> trouble,
    Duration maxAge,
    OptionalDouble reference,
    long pollsOk,
    long pollsFailed) {

  /**
   * Why there is no new number.
   *
   * @param reason the kind
   * @param message one readable line
   * @param since when it began
   */
  public record Trouble(CarbonUnavailable.Reason reason, String message, Instant since) {}

  /** Whether the last number may be acted on at {@code now}. */
  public boolean trustedAt(Instant now) {
    return current.isPresent() && current.get().age(now).compareTo(maxAge) < 0;
  }
}
