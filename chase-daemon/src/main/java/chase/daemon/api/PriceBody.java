package chase.daemon.api;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What energy costs.
 *
 * @param provider who is asked
 * @param region about where: a bidding zone
 * @param trusted whether the price may be acted on now
 * @param current the price of the running period
 * @param referencePerMwh the price that counts as dear
 * @param trouble why the last poll brought nothing
 * @param pollsOk polls that brought prices
 * @param pollsFailed polls that did not
 */
public record PriceBody(
    String provider,
    String region,
    boolean trusted,
    Optional<Current> current,
    OptionalDouble referencePerMwh,
    Optional<SignalBody.Trouble> trouble,
    long pollsOk,
    long pollsFailed) {
  /**
   * One price.
   *
   * @param pricePerMwh money for each MWh, negative where whoever takes energy is paid
   * @param currency which money, by its ISO 4217 code
   * @param origin {@code measured} for a settled price, {@code replayed} for a recorded one
   * @param validFrom the start of its period
   * @param validTo the end of its period, excluded
   */
  public record Current(
      double pricePerMwh, String currency, String origin, Instant validFrom, Instant validTo) {}
}
