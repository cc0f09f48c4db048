package chase.carbon;

import java.util.List;

/** Tells a region's price of energy, now and as far ahead as it is settled. Calls block. */
public interface PriceProvider {
  /** The provider's short name, as in labels and tables. */
  String provider();

  /** The bidding zone that the source speaks of. */
  Region region();

  /**
   * The price of the running period.
   *
   * @throws CarbonUnavailable when there is none, with the reason
   * @throws InterruptedException when the calling thread is told to stop
   */
  EnergyPrice current() throws CarbonUnavailable, InterruptedException;

  /**
   * The prices from the running period on as far as they are settled, in ascending order, none
   * overlapping. Never empty.
   *
   * @throws CarbonUnavailable when there is none, with the reason
   * @throws InterruptedException when the calling thread is told to stop
   */
  List<EnergyPrice> settled() throws CarbonUnavailable, InterruptedException;
}
