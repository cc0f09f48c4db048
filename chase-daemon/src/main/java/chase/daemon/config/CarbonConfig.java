package chase.daemon.config;

import chase.carbon.Region;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the grid's signal comes from.
 *
 * @param provider who is asked
 * @param region about where, in the provider's own words; Electricity Maps calls it a zone
 * @param pollPeriod how often the provider is asked
 * @param maxAge how long after its period a number may still be acted on
 * @param reference the intensity that counts as dirty, gCO2/kWh; by default the highest of the
 *     window
 * @param referenceWindow over how long the dirtiest intensity counts as the reference
 * @param planAhead how far ahead the signal is foreseen and planned for
 * @param electricityMaps how to ask Electricity Maps
 * @param watttime how to ask WattTime
 * @param trace what to play back
 */
public record CarbonConfig(
    Provider provider,
    Optional<Region> region,
    Duration pollPeriod,
    Duration maxAge,
    Optional<Double> reference,
    Duration referenceWindow,
    Duration planAhead,
    ElectricityMapsConfig electricityMaps,
    WattTimeConfig watttime,
    TraceConfig trace) {

  private static final Duration FASTEST_POLL = Duration.ofSeconds(1);

  /** Who knows the grid. */
  public enum Provider {
    /** Nobody: only policies that need no signal do anything. */
    NONE,
    /** Electricity Maps. */
    ELECTRICITY_MAPS,
    /** WattTime. */
    WATTTIME,
    /** A recording. */
    TRACE;

    /** The provider as the configuration writes it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Refuses a provider without what it needs, and times that contradict each other. */
  public CarbonConfig {
    if (pollPeriod.compareTo(FASTEST_POLL) < 0) {
      throw new IllegalArgumentException("poll-period must be at least 1s");
    }
    if (maxAge.compareTo(pollPeriod) < 0) {
      throw new IllegalArgumentException("max-age must not be below poll-period");
    }
    if (referenceWindow.isZero()) {
      throw new IllegalArgumentException("reference-window must be above 0s");
    }
    if (!planAhead.isPositive()) {
      throw new IllegalArgumentException("plan-ahead must be above 0s");
    }
    reference.ifPresent(Section::requireReference);
    missing(provider, region, electricityMaps, watttime, trace)
        .ifPresent(key -> {
          throw new IllegalArgumentException(
              key + " is missing, and provider " + provider.word() + " needs it");
        });
  }

  private static Optional<String> missing(
      Provider provider,
      Optional<Region> region,
      ElectricityMapsConfig electricityMaps,
      WattTimeConfig watttime,
      TraceConfig trace) {
    Optional<String> noRegion = region.isPresent() ? Optional.empty() : Optional.of("region");
    return switch (provider) {
      case NONE -> Optional.empty();
      case ELECTRICITY_MAPS -> noRegion.or(electricityMaps::missing);
      case WATTTIME -> noRegion.or(watttime::missing);
      case TRACE -> trace.missing();
    };
  }

  static CarbonConfig read(Section carbon) throws ConfigException {
    Provider provider = carbon.word("provider", Provider.NONE);
    Optional<Region> region = carbon.value("region", "a region", Region::new);
    Duration pollPeriod = carbon.duration("poll-period", Duration.ofMinutes(5));
    Duration maxAge = carbon.duration("max-age", Duration.ofHours(2));
    Duration referenceWindow = carbon.duration("reference-window", Duration.ofDays(7));
    Optional<Double> reference = carbon.value("reference", "a number", Double::valueOf);
    Duration planAhead = carbon.duration("plan-ahead", Duration.ofDays(2));
    ElectricityMapsConfig electricityMaps =
        ElectricityMapsConfig.read(carbon.section("electricity-maps"));
    WattTimeConfig watttime = WattTimeConfig.read(carbon.section("watttime"));
    TraceConfig trace = TraceConfig.read(carbon.section("trace"));
    return carbon.build(() ->
        new CarbonConfig(
            provider,
            region,
            pollPeriod,
            maxAge,
            reference,
            referenceWindow,
            planAhead,
            electricityMaps,
            watttime,
            trace));
  }
}
