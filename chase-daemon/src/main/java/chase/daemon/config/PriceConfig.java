package chase.daemon.config;

import chase.carbon.Region;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.Optional;

/**
 * Where the price of energy comes from.
 *
 * @param provider who is asked
 * @param region about where: a bidding zone
 * @param pollPeriod how often the provider is asked
 * @param maxAge how long after its period a price may still be acted on
 * @param reference the price that counts as dear, money for each MWh; by default the highest of the
 *     window
 * @param referenceWindow over how long the highest price counts as the reference
 * @param currency in which money, where the provider has a choice
 * @param energinet how to ask Energinet
 * @param trace what to play back
 */
public record PriceConfig(
    PriceProviderName provider,
    Optional<Region> region,
    Duration pollPeriod,
    Duration maxAge,
    Optional<Double> reference,
    Duration referenceWindow,
    Currency currency,
    EnerginetConfig energinet,
    PriceTraceConfig trace) {
  /** Who knows the price. */
  public enum PriceProviderName {
    /** Nobody. */
    NONE,
    /** Energinet: the day-ahead market of Denmark and its neighbours, without a key. */
    ENERGINET,
    /** A recording. */
    TRACE
  }

  /** Refuses a provider without what it needs, and times that contradict each other. */
  public PriceConfig {
    if (provider == PriceProviderName.TRACE && trace.file().isEmpty()) {
      throw new IllegalArgumentException("trace.file is missing, and provider trace needs it");
    }
    if (provider == PriceProviderName.ENERGINET && region.or(energinet::region).isEmpty()) {
      throw new IllegalArgumentException("region is missing, and provider energinet needs it");
    }
  }

  static PriceConfig read(Section section) throws ConfigException {
    PriceProviderName provider = section.word("provider", PriceProviderName.NONE);
    Optional<Region> region = section.value("region", "a region", Region::new);
    Duration pollPeriod =
        section.duration("poll-period", Duration.ofMinutes(15), CarbonConfig.POLL_PERIOD);
    Duration maxAge = section.duration("max-age", Duration.ofHours(2), CarbonConfig.MAX_AGE);
    Optional<Double> reference = section.number("reference", Range.divisors());
    Duration referenceWindow =
        section.duration("reference-window", Duration.ofDays(7), CarbonConfig.REFERENCE_WINDOW);
    Currency currency =
        section
            .value("currency", "an ISO 4217 currency such as EUR", Currency::getInstance)
            .orElse(Currency.getInstance("EUR"));
    EnerginetConfig energinet = EnerginetConfig.read(section.section("energinet"));
    PriceTraceConfig trace = PriceTraceConfig.read(section.section("trace"));
    return section.build(() ->
        new PriceConfig(
            provider,
            region,
            pollPeriod,
            maxAge,
            reference,
            referenceWindow,
            currency,
            energinet,
            trace));
  }

  /**
   * Recorded prices to play back instead of asking a provider.
   *
   * @param file a CSV with the header {@code time,eur_per_mwh}, or another currency
   * @param speed how many seconds of the recording pass in one second
   * @param start the recording's time to begin at, by default its first
   * @param repeat whether it begins anew at its end
   */
  public record PriceTraceConfig(
      Optional<Path> file, double speed, Optional<Instant> start, boolean repeat) {
    static PriceTraceConfig read(Section section) throws ConfigException {
      Optional<Path> file = section.path("file");
      double speed = section.number("speed", 1, Range.divisors());
      Optional<Instant> start = section.instant("start", Range.recordings());
      boolean repeat = section.flag("repeat", true);
      return section.build(() -> new PriceTraceConfig(file, speed, start, repeat));
    }
  }
}
