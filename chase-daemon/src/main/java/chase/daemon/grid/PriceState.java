package chase.daemon.grid;

import chase.carbon.EnergyPrice;
import chase.carbon.Region;
import chase.daemon.grid.GridState.PollFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the daemon knows of the price.
 *
 * @param provider the provider
 * @param region about where
 * @param settled the prices that came in last, ascending; some of them may be over
 * @param failure why the last poll brought nothing, empty when it did
 * @param maxAge how long after its period a price may still be acted on
 * @param reference the price that counts as expensive, once there is one
 * @param pollsOk polls that brought prices
 * @param pollsFailed polls that did not
 * @param attribution what the licence of the prices wants shown beside them
 * @param notice what the provider announces of itself
 */
public record PriceState(
    String provider,
    Region region,
    List<EnergyPrice> settled,
    Optional<PollFailure> failure,
    Duration maxAge,
    Optional<Double> reference,
    long pollsOk,
    long pollsFailed,
    Optional<String> attribution,
    Optional<String> notice) {
  /** Copies the list. */
  public PriceState {
    settled = List.copyOf(settled);
  }

  /** Of a provider whose licence wants nothing shown, and that announces nothing. */
  public PriceState(
      String provider,
      Region region,
      List<EnergyPrice> settled,
      Optional<PollFailure> failure,
      Duration maxAge,
      Optional<Double> reference,
      long pollsOk,
      long pollsFailed) {
    this(
        provider,
        region,
        settled,
        failure,
        maxAge,
        reference,
        pollsOk,
        pollsFailed,
        Optional.empty(),
        Optional.empty());
  }

  /** Nothing polled yet. */
  static PriceState initial(String provider, Region region, Duration maxAge) {
    return new PriceState(
        provider, region, List.of(), Optional.empty(), maxAge, Optional.empty(), 0, 0);
  }

  /** The price of the period around {@code now}, else the last one that was over by then. */
  public Optional<EnergyPrice> current(Instant now) {
    return settled.stream().filter(price -> !price.validFrom().isAfter(now)).reduce((a, b) -> b);
  }

  /** Whether the price may be acted on at {@code now}. */
  public boolean trustedAt(Instant now) {
    return current(now).filter(price -> price.age(now).compareTo(maxAge) < 0).isPresent();
  }

  /** The prices from the one at {@code now} on. */
  public List<EnergyPrice> ahead(Instant now) {
    return current(now)
        .map(running -> settled.subList(settled.indexOf(running), settled.size()))
        .orElse(List.of());
  }

  /** Until when time alone takes nothing away. */
  Instant trustedUntil() {
    return settled.isEmpty() ? Instant.MIN : settled.getLast().validTo().plus(maxAge);
  }
}
