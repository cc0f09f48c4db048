package chase.carbon;

import java.util.List;
import java.util.Optional;

/** The price of energy in one region, now and as far ahead as it is settled. Calls block. */
public interface PriceProvider {
  /** The provider's short name, as in labels and tables. */
  String provider();

  /** The bidding zone that its prices are for. */
  Region region();

  /** What the licence of its prices wants shown beside them, in one line; empty where nothing. */
  default Optional<String> attribution() {
    return Optional.empty();
  }

  /** What the provider announces of itself and an operator should know; empty where nothing. */
  default Optional<String> notice() {
    return Optional.empty();
  }

  /**
   * The price of the running period.
   *
   * @throws CarbonUnavailable when there is none, with the reason
   * @throws InterruptedException when the calling thread is interrupted
   */
  EnergyPrice current() throws CarbonUnavailable, InterruptedException;

  /**
   * The prices from the running period on as far as they are settled, in ascending order, none
   * overlapping. Never empty.
   *
   * @throws CarbonUnavailable when there is none, with the reason
   * @throws InterruptedException when the calling thread is interrupted
   */
  List<EnergyPrice> settled() throws CarbonUnavailable, InterruptedException;
}
