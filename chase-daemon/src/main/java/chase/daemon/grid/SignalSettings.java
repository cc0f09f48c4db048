package chase.daemon.grid;

import chase.carbon.Region;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Whom a feed asks, and how much each of them counts.
 *
 * @param carbon the carbon signal, where somebody is to be asked
 * @param price the price signal, where somebody is to be asked
 * @param weights how much carbon and price count
 * @param region where the host draws its power
 * @param maxAge how old a carbon intensity may be and still be acted on
 * @param jitter a number from 0 to 1 at each call, so that many hosts do not ask at once
 */
public record SignalSettings(
    Optional<CarbonSignal> carbon,
    Optional<PriceSignal> price,
    SignalWeights weights,
    Region region,
    Duration maxAge,
    DoubleSupplier jitter) {
  /** How many seconds of the grid pass in one of the clock: what counts sets it. */
  double speed() {
    Optional<FeedTiming> grams = carbon.map(CarbonSignal::timing).filter(t -> weights.carbon() > 0);
    Optional<FeedTiming> money = price.map(PriceSignal::timing).filter(t -> weights.price() > 0);
    return grams.or(() -> money).map(FeedTiming::speed).orElse(1.0);
  }

  /** Whether anybody is to be asked. */
  public boolean hasProvider() {
    return carbon.isPresent() || price.isPresent();
  }
}
