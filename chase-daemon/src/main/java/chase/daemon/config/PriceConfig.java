package chase.daemon.config;

import chase.carbon.Region;
import chase.carbon.energinet.Energinet;
import chase.carbon.energycharts.EnergyCharts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.Optional;

/**
 * Where the price of energy comes from.
 *
 * @param provider which provider is polled
 * @param region about where: a bidding zone
 * @param pollPeriod how often the provider is polled
 * @param maxAge how long after its period a price may still be acted on
 * @param reference the price that counts as expensive, money for each MWh; by default the highest
 *     of the window
 * @param referenceWindow over how long the highest price counts as the reference
 * @param currency in which money, where the provider has a choice
 * @param energinet how to call Energinet
 * @param energyCharts how to call Energy-Charts
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
    KeylessConfig energinet,
    KeylessConfig energyCharts,
    PriceTraceConfig trace) {
  /** Which provider knows the price. */
  public enum PriceProviderName {
    /** No provider. */
    NONE,
    /** Energinet: the day-ahead market of Denmark and its neighbours, without a key. */
    ENERGINET,
    /** Energy-Charts: the day-ahead markets of Europe's bidding zones, without a key. */
    ENERGY_CHARTS,
    /** A recording. */
    TRACE;

    /** Whether it is called over the network. */
    public boolean live() {
      return switch (this) {
        case NONE, TRACE -> false;
        case ENERGINET, ENERGY_CHARTS -> true;
      };
    }
  }

  /** Refuses a provider without what it needs. */
  public PriceConfig {
    if (provider == PriceProviderName.TRACE && trace.file().isEmpty()) {
      throw new IllegalArgumentException("trace.file is missing, and provider trace needs it");
    }
    if (provider == PriceProviderName.ENERGINET && region.or(energinet::region).isEmpty()) {
      throw new IllegalArgumentException("region is missing, and provider energinet needs it");
    }
  }

  static PriceConfig read(ConfigReader keys) throws ConfigException {
    return new PriceConfig(
        keys.word("provider", PriceProviderName.NONE),
        keys.region("region", "a region"),
        keys.duration("poll-period", Duration.ofMinutes(15), "1s", "1d"),
        keys.duration("max-age", Duration.ofHours(2), "0s", "30d"),
        keys.divisor("reference"),
        keys.duration("reference-window", Duration.ofDays(7), "1s", "366d"),
        keys.currency("currency", Currency.getInstance("EUR")),
        keys.section(
            "energinet", section -> KeylessConfig.read(section, Energinet.DEFAULT_URL, 60)),
        keys.section(
            "energy-charts", section -> KeylessConfig.read(section, EnergyCharts.DEFAULT_URL, 30)),
        keys.section("trace", PriceTraceConfig::read));
  }

  /**
   * Recorded prices to play back instead of calling a provider.
   *
   * @param file a CSV with the header {@code time,eur_per_mwh}, or another currency
   * @param speed how many seconds of the recording pass in one second
   * @param start the recording's time to begin at, by default its first
   * @param repeat whether it starts again at its end
   */
  public record PriceTraceConfig(
      Optional<Path> file, double speed, Optional<Instant> start, boolean repeat) {
    private static PriceTraceConfig read(ConfigReader keys) throws ConfigException {
      return new PriceTraceConfig(
          keys.path("file"),
          keys.divisor("speed").orElse(1.0),
          keys.recordedTime("start"),
          keys.flag("repeat", true));
    }
  }
}
