package chase.daemon.api;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The grid as the daemon knows it: {@code GET /v1/signal}.
 *
 * @param provider who is asked
 * @param region about where
 * @param level how far the signal has fallen back
 * @param trusted whether the last number may be acted on now
 * @param maxAgeSeconds how old a number may be and still be acted on
 * @param current the last number that came in
 * @param referenceGramsPerKwh the intensity that counts as dirty
 * @param referenceRatio the last number as a share of the reference
 * @param trouble why the last poll brought nothing
 * @param pollsOk polls that brought a number
 * @param pollsFailed polls that did not
 * @param price what energy costs, where somebody is asked
 * @param weights how much carbon and price count
 * @param outlook what is foreseen and who stands behind it; only at {@code /v1/signal}
 */
public record SignalBody(
    String provider,
    String region,
    Level level,
    boolean trusted,
    long maxAgeSeconds,
    Optional<Current> current,
    OptionalDouble referenceGramsPerKwh,
    OptionalDouble referenceRatio,
    Optional<Trouble> trouble,
    long pollsOk,
    long pollsFailed,
    Optional<PriceBody> price,
    Weights weights,
    Optional<OutlookBody> outlook) {

  /** The {@link #provider} where none is configured. */
  public static final String NO_PROVIDER = "none";

  /**
   * How far a signal has fallen back.
   *
   * @param number 0 for live to 5 for no signal
   * @param name the same in a word, such as {@code own-forecast}
   */
  public record Level(int number, String name) {}

  /**
   * How much each signal counts in what a joule weighs; only the ratio matters.
   *
   * @param carbon the weight of the carbon intensity over its reference
   * @param price the weight of the price over its reference
   */
  public record Weights(double carbon, double price) {}

  /**
   * One carbon intensity and where it comes from.
   *
   * @param carbonIntensityGramsPerKwh gCO2/kWh
   * @param provider who says so
   * @param region where it holds
   * @param margin which plants count: {@code "average"} or {@code "marginal"}
   * @param scope {@code direct}, {@code lifecycle} or {@code unstated}
   * @param origin {@code measured}, {@code estimated}, {@code forecast}, {@code own-forecast},
   *     {@code replayed} or {@code static}
   * @param estimationMethod the provider's name for how it was estimated; the model of an own
   *     forecast; whose yearly mean it is
   * @param forecastAheadSeconds how far before its period it was predicted
   * @param recordedAt when a replayed number was true
   * @param validFrom the start of its period
   * @param validTo the end of its period, excluded
   * @param publishedAt when the provider last wrote it
   * @param fetchedAt when it reached this host
   * @param modelDate the date of the provider's model
   * @param ageSeconds the time since its period ended; 0 while that runs
   */
  public record Current(
      double carbonIntensityGramsPerKwh,
      String provider,
      String region,
      String margin,
      String scope,
      String origin,
      Optional<String> estimationMethod,
      Optional<Long> forecastAheadSeconds,
      Optional<Instant> recordedAt,
      Instant validFrom,
      Instant validTo,
      Instant publishedAt,
      Instant fetchedAt,
      Optional<LocalDate> modelDate,
      long ageSeconds) {}

  /**
   * Why there is no new number.
   *
   * @param reason the kind, such as {@code bad_key} or {@code provider_down}
   * @param message one readable line
   * @param since when it began
   */
  public record Trouble(String reason, String message, Instant since) {}

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
}
