package chase.carbon;

import java.time.Instant;

/**
 * One price with everything that is known about it.
 *
 * @param value the price
 * @param provenance {@link Provenance.Measured} for a price that a market has settled, {@link
 *     Provenance.Replayed} for one from a recording
 * @param provider whose value it is, such as {@code energinet}
 * @param region where it holds: a bidding zone
 * @param validFrom the start of the period that it is paid in
 * @param validTo the end of that period, excluded
 * @param publishedAt when the provider last wrote it; where that is unknown, when it was fetched
 * @param fetchedAt when it reached this host
 */
public record EnergyPrice(
    MoneyPerMwh value,
    Provenance provenance,
    String provider,
    Region region,
    Instant validFrom,
    Instant validTo,
    Instant publishedAt,
    Instant fetchedAt)
    implements TimedValue {
  /** Refuses an empty period with {@link IllegalArgumentException}. */
  public EnergyPrice {
    if (!validFrom.isBefore(validTo)) {
      throw new IllegalArgumentException("empty period: " + validFrom + " to " + validTo);
    }
  }
}
