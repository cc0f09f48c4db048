package chase.daemon.config;

import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.energinet.Energinet;
import chase.carbon.energycharts.EnergyCharts;
import chase.carbon.http.BaseUrl;
import chase.carbon.neso.Neso;
import chase.carbon.odre.Odre;
import chase.carbon.pjm.Pjm;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the grid's carbon intensity comes from.
 *
 * @param provider which provider is polled
 * @param region about where, in the provider's own words; Electricity Maps calls it a zone
 * @param standIns which providers are polled, in order, while the first has no value for now
 * @param mixKinds whether those may give another kind of intensity
 * @param country whose yearly mean is the last resort, by its ISO 3166 code or name
 * @param pollPeriod how often the provider is polled
 * @param maxAge how long after its period a value may still be acted on
 * @param referenceWindow over how long the dirtiest intensity counts as the reference
 * @param reference the intensity that counts as dirty, gCO2/kWh; by default the highest of the
 *     window
 * @param planAhead how far ahead the signal is forecast and planned for
 * @param electricityMaps how to call Electricity Maps
 * @param watttime how to call WattTime
 * @param neso how to call Great Britain's system operator
 * @param energinet how to call Energinet
 * @param fuelMix how to read the pages of American grid operators
 * @param pjm how to call PJM
 * @param chase whose Chase to ask
 * @param energyCharts how to call Energy-Charts
 * @param odre how to call France's open data of energy
 * @param trace what to play back
 */
public record CarbonConfig(
    CarbonProviderName provider,
    Optional<Region> region,
    List<CarbonProviderName> standIns,
    boolean mixKinds,
    Optional<Region> country,
    Duration pollPeriod,
    Duration maxAge,
    Duration referenceWindow,
    Optional<Double> reference,
    Duration planAhead,
    ElectricityMapsConfig electricityMaps,
    WattTimeConfig watttime,
    KeylessConfig neso,
    KeylessConfig energinet,
    KeylessConfig.FuelMixConfig fuelMix,
    PjmConfig pjm,
    OtherChaseConfig chase,
    KeylessConfig energyCharts,
    KeylessConfig odre,
    TraceConfig trace) {

  /** Which provider knows the grid. */
  public enum CarbonProviderName {
    /** No provider: only policies that need no signal do anything. */
    NONE,
    /** Electricity Maps. */
    ELECTRICITY_MAPS,
    /** WattTime. */
    WATTTIME,
    /** Great Britain's system operator, without a key. */
    NESO,
    /** Energinet, for Denmark, without a key. */
    ENERGINET,
    /** American grid operators, without a key: calculated from what feeds the grid. */
    FUEL_MIX,
    /** PJM, the American grid operator. */
    PJM,
    /** The Chase of another host. */
    CHASE,
    /** Energy-Charts of Fraunhofer ISE, for Europe's countries, without a key. */
    ENERGY_CHARTS,
    /** RTE's eCO2mix through ODRE, for France, without a key. */
    ODRE,
    /** A yearly mean, which is at hand without a call. */
    STATIC,
    /** A recording. */
    TRACE;

    /** Whether it is called over the network. */
    public boolean live() {
      return switch (this) {
        case NONE, STATIC, TRACE -> false;
        case ELECTRICITY_MAPS,
            WATTTIME,
            NESO,
            ENERGINET,
            FUEL_MIX,
            PJM,
            CHASE,
            ENERGY_CHARTS,
            ODRE ->
            true;
      };
    }

    /** The provider as the configuration writes it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Refuses a provider without what it needs, and times that contradict each other. */
  public CarbonConfig {
    if (maxAge.compareTo(pollPeriod) < 0) {
      throw new IllegalArgumentException("max-age must not be below poll-period");
    }
    standIns = List.copyOf(standIns);
    requireStandIns(provider, standIns);
    for (CarbonProviderName needed : providers(provider, standIns)) {
      Optional<String> missing =
          switch (needed) {
            case NONE -> Optional.empty();
            case ELECTRICITY_MAPS ->
                missingRegion(electricityMaps.region().or(() -> region))
                    .or(electricityMaps::missing);
            case WATTTIME ->
                missingRegion(watttime.region().or(() -> region)).or(watttime::missing);
            case NESO -> missingRegion(neso.region().or(() -> region));
            case ENERGINET -> missingRegion(energinet.region().or(() -> region));
            case FUEL_MIX -> missingRegion(fuelMix.region().or(() -> region));
            case PJM -> missingRegion(pjm.region().or(() -> region)).or(pjm::missing);
            case CHASE -> missingRegion(chase.region().or(() -> region)).or(chase::missing);
            case ENERGY_CHARTS -> missingRegion(energyCharts.region().or(() -> region));
            case ODRE -> missingRegion(odre.region().or(() -> region));
            case STATIC -> missing(country.or(() -> region), "country");
            case TRACE -> missing(trace.file(), "trace.file");
          };
      missing.ifPresent(key -> {
        throw new IllegalArgumentException(
            key + " is missing, and provider " + needed.label() + " needs it");
      });
    }
  }

  static CarbonConfig read(ConfigReader keys) throws ConfigException {
    return new CarbonConfig(
        keys.word("provider", CarbonProviderName.NONE),
        keys.region("region", "a region"),
        keys.words("stand-ins", CarbonProviderName.class),
        keys.flag("mix-kinds", false),
        keys.region("country", "a country"),
        keys.duration("poll-period", Duration.ofMinutes(5), "1s", "1d"),
        keys.duration("max-age", Duration.ofHours(2), "0s", "30d"),
        keys.duration("reference-window", Duration.ofDays(7), "1s", "366d"),
        keys.divisor("reference"),
        keys.duration("plan-ahead", Duration.ofDays(2), "1s", "14d"),
        keys.section("electricity-maps", ElectricityMapsConfig::read),
        keys.section("watttime", WattTimeConfig::read),
        keys.section("neso", section -> KeylessConfig.read(section, Neso.DEFAULT_URL, 60)),
        keys.section(
            "energinet", section -> KeylessConfig.read(section, Energinet.DEFAULT_URL, 60)),
        keys.section("fuel-mix", KeylessConfig.FuelMixConfig::read),
        keys.section("pjm", PjmConfig::read),
        keys.section("chase", OtherChaseConfig::read),
        keys.section(
            "energy-charts", section -> KeylessConfig.read(section, EnergyCharts.DEFAULT_URL, 30)),
        keys.section("odre", section -> KeylessConfig.read(section, Odre.DEFAULT_URL, 60)),
        keys.section("trace", TraceConfig::read));
  }

  /** The most calls in any hour; fewer than five leave no room for a forecast. */
  static int calls(ConfigReader keys, int otherwise) throws ConfigException {
    return keys.integer("calls-per-hour", otherwise, "5", "36000");
  }

  private static void requireStandIns(
      CarbonProviderName provider, List<CarbonProviderName> standIns) {
    Set<CarbonProviderName> seen = EnumSet.of(provider);
    for (CarbonProviderName standIn : standIns) {
      if (!standIn.live() || !provider.live() || !seen.add(standIn)) {
        throw new IllegalArgumentException(
            "stand-ins: %s cannot stand in for %s".formatted(standIn.label(), provider.label()));
      }
    }
  }

  private static List<CarbonProviderName> providers(
      CarbonProviderName provider, List<CarbonProviderName> standIns) {
    return Stream.concat(Stream.of(provider), standIns.stream()).toList();
  }

  private static Optional<String> missingRegion(Optional<Region> region) {
    return missing(region, "region");
  }

  static Optional<String> missing(Optional<?> value, String key) {
    return value.isPresent() ? Optional.empty() : Optional.of(key);
  }

  /** The provider and its stand-ins, in the order in which they are polled. */
  public List<CarbonProviderName> providers() {
    return providers(provider, standIns);
  }

  /**
   * The Chase of other hosts in place of a provider.
   *
   * @param urls their metrics listeners, in the order in which they are asked
   * @param token where the token is kept that these want
   * @param region the region that they must pass on, where {@code carbon.region} is another's
   * @param margin whether they must pass on an average or a marginal intensity
   * @param emissionFactorType which emissions that must count
   * @param callsPerHour the most calls in any hour to each
   */
  public record OtherChaseConfig(
      List<URI> urls,
      Optional<SecretSource> token,
      Optional<Region> region,
      Margin margin,
      EmissionScope emissionFactorType,
      int callsPerHour) {
    /** Refuses an address that is no web address. */
    public OtherChaseConfig {
      urls = List.copyOf(urls);
      urls.forEach(url -> BaseUrl.checked("urls", url));
    }

    private static OtherChaseConfig read(ConfigReader keys) throws ConfigException {
      return new OtherChaseConfig(
          keys.addresses("urls"),
          keys.secret("token"),
          keys.region("region", "a region"),
          keys.word("margin", Margin.AVERAGE),
          keys.word("emission-factor-type", EmissionScope.LIFECYCLE),
          calls(keys, 120));
    }

    private Optional<String> missing() {
      return urls.isEmpty() ? Optional.of("chase.urls") : Optional.empty();
    }

    /** The kind that they must pass on. */
    public SignalKind kind() {
      return new SignalKind(margin, emissionFactorType);
    }
  }

  /**
   * A recording to play back instead of calling a provider.
   *
   * @param file a CSV with the header {@code time,grams_per_kwh}
   * @param speed how many seconds of the recording pass in one second
   * @param start the recording's time to begin at, by default its first
   * @param repeat whether it starts again at its end
   * @param emissionScope which emissions its numbers count
   */
  public record TraceConfig(
      Optional<Path> file,
      double speed,
      Optional<Instant> start,
      boolean repeat,
      EmissionScope emissionScope) {
    private static TraceConfig read(ConfigReader keys) throws ConfigException {
      return new TraceConfig(
          keys.path("file"),
          keys.divisor("speed").orElse(1.0),
          keys.recordedTime("start"),
          keys.flag("repeat", true),
          keys.word("emission-scope", EmissionScope.UNSTATED));
    }
  }

  /**
   * How to call PJM.
   *
   * @param baseUrl the API's address with its version
   * @param key where the subscription key is kept
   * @param region PJM or a zone of it, where the section above names another provider's region
   * @param margin the operator's marginal rate, or the average of its generation
   * @param emissionFactorType which factors the average's plants count with
   * @param callsPerHour the most calls in any hour
   */
  public record PjmConfig(
      URI baseUrl,
      Optional<SecretSource> key,
      Optional<Region> region,
      Margin margin,
      EmissionScope emissionFactorType,
      int callsPerHour) {
    /** Refuses an address that is no web address, and emission factors that there are none of. */
    public PjmConfig {
      BaseUrl.checked("base-url", baseUrl);
      if (emissionFactorType == EmissionScope.UNSTATED) {
        throw new IllegalArgumentException("emission-factor-type must be lifecycle or direct");
      }
    }

    private static PjmConfig read(ConfigReader keys) throws ConfigException {
      return new PjmConfig(
          keys.address("base-url", Pjm.DEFAULT_URL),
          keys.secret("key"),
          keys.region("region", "a region"),
          keys.word("margin", Margin.MARGINAL),
          keys.word("emission-factor-type", EmissionScope.LIFECYCLE),
          calls(keys, 60));
    }

    private Optional<String> missing() {
      return CarbonConfig.missing(key, "pjm.key-file (or key-env)");
    }
  }
}
