package chase.daemon.config;

import chase.carbon.Coordinates;
import chase.carbon.Region;
import chase.carbon.SignalKind.Scope;
import chase.carbon.http.BaseUrl;
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
 * Where the grid's signal comes from.
 *
 * @param provider who is asked
 * @param region about where, in the provider's own words; Electricity Maps calls it a zone
 * @param standIns who is asked, in order, while the provider has no number for now
 * @param mixKinds whether those may give another kind of intensity
 * @param country whose yearly mean is the last resort, by its ISO 3166 code or name
 * @param pollPeriod how often the provider is asked
 * @param maxAge how long after its period a number may still be acted on
 * @param reference the intensity that counts as dirty, gCO2/kWh; by default the highest of the
 *     window
 * @param referenceWindow over how long the dirtiest intensity counts as the reference
 * @param planAhead how far ahead the signal is foreseen and planned for
 * @param electricityMaps how to ask Electricity Maps
 * @param watttime how to ask WattTime
 * @param neso how to ask Great Britain's system operator
 * @param energinet how to ask Energinet
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
    Optional<Double> reference,
    Duration referenceWindow,
    Duration planAhead,
    ElectricityMapsConfig electricityMaps,
    WattTimeConfig watttime,
    NesoConfig neso,
    EnerginetConfig energinet,
    TraceConfig trace) {

  /** Fewer leave no room for a forecast beside the number for now. */
  static final Range<Integer> CALLS_PER_HOUR = Range.wholes(5, 36_000);

  static final Range<Duration> POLL_PERIOD = Range.times("1s", "1d");
  static final Range<Duration> MAX_AGE = Range.times("0s", "30d");
  static final Range<Duration> REFERENCE_WINDOW = Range.times("1s", "366d");
  private static final Range<Duration> PLAN_AHEAD = Range.times("1s", "14d");

  /** Who knows the grid. */
  public enum CarbonProviderName {
    /** Nobody: only policies that need no signal do anything. */
    NONE,
    /** Electricity Maps. */
    ELECTRICITY_MAPS,
    /** WattTime. */
    WATTTIME,
    /** Great Britain's system operator, without a key. */
    NESO,
    /** Energinet, for Denmark, without a key. */
    ENERGINET,
    /** A yearly mean, which is at hand without a call. */
    STATIC,
    /** A recording. */
    TRACE;

    /** Whether it is asked over the network. */
    public boolean live() {
      return switch (this) {
        case NONE, STATIC, TRACE -> false;
        case ELECTRICITY_MAPS, WATTTIME, NESO, ENERGINET -> true;
      };
    }

    /** The provider as the configuration writes it. */
    public String word() {
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
    for (CarbonProviderName asked : providers(provider, standIns)) {
      missing(asked, region, electricityMaps, watttime, neso, energinet, country, trace)
          .ifPresent(key -> {
            throw new IllegalArgumentException(
                key + " is missing, and provider " + asked.word() + " needs it");
          });
    }
  }

  private static void requireStandIns(
      CarbonProviderName provider, List<CarbonProviderName> standIns) {
    Set<CarbonProviderName> seen = EnumSet.of(provider);
    for (CarbonProviderName standIn : standIns) {
      if (!standIn.live() || !provider.live() || !seen.add(standIn)) {
        throw new IllegalArgumentException(
            "stand-ins: %s cannot stand in for %s".formatted(standIn.word(), provider.word()));
      }
    }
  }

  private static List<CarbonProviderName> providers(
      CarbonProviderName provider, List<CarbonProviderName> standIns) {
    return Stream.concat(Stream.of(provider), standIns.stream()).toList();
  }

  /** The provider and its stand-ins, in the order in which they are asked. */
  public List<CarbonProviderName> providers() {
    return providers(provider, standIns);
  }

  private static Optional<String> missing(
      CarbonProviderName provider,
      Optional<Region> region,
      ElectricityMapsConfig electricityMaps,
      WattTimeConfig watttime,
      NesoConfig neso,
      EnerginetConfig energinet,
      Optional<Region> country,
      TraceConfig trace) {
    return switch (provider) {
      case NONE -> Optional.empty();
      case ELECTRICITY_MAPS ->
          noRegion(electricityMaps.region().or(() -> region)).or(electricityMaps::missing);
      case WATTTIME -> noRegion(watttime.region().or(() -> region)).or(watttime::missing);
      case NESO -> noRegion(neso.region().or(() -> region));
      case ENERGINET -> noRegion(energinet.region().or(() -> region));
      case STATIC ->
          country.or(() -> region).isPresent() ? Optional.empty() : Optional.of("country");
      case TRACE -> trace.missing();
    };
  }

  private static Optional<String> noRegion(Optional<Region> region) {
    return region.isPresent() ? Optional.empty() : Optional.of("region");
  }

  static CarbonConfig read(Section carbon) throws ConfigException {
    CarbonProviderName provider = carbon.word("provider", CarbonProviderName.NONE);
    Optional<Region> region = carbon.value("region", "a region", Region::new);
    List<CarbonProviderName> standIns = carbon.wordList("stand-ins", CarbonProviderName.class);
    boolean mixKinds = carbon.flag("mix-kinds", false);
    Optional<Region> country = carbon.value("country", "a country", Region::new);
    Duration pollPeriod = carbon.duration("poll-period", Duration.ofMinutes(5), POLL_PERIOD);
    Duration maxAge = carbon.duration("max-age", Duration.ofHours(2), MAX_AGE);
    Duration referenceWindow =
        carbon.duration("reference-window", Duration.ofDays(7), REFERENCE_WINDOW);
    Optional<Double> reference = carbon.number("reference", Range.divisors());
    Duration planAhead = carbon.duration("plan-ahead", Duration.ofDays(2), PLAN_AHEAD);
    ElectricityMapsConfig electricityMaps =
        ElectricityMapsConfig.read(carbon.section("electricity-maps"));
    WattTimeConfig watttime = WattTimeConfig.read(carbon.section("watttime"));
    NesoConfig neso = NesoConfig.read(carbon.section("neso"));
    EnerginetConfig energinet = EnerginetConfig.read(carbon.section("energinet"));
    TraceConfig trace = TraceConfig.read(carbon.section("trace"));
    return carbon.build(() ->
        new CarbonConfig(
            provider,
            region,
            standIns,
            mixKinds,
            country,
            pollPeriod,
            maxAge,
            reference,
            referenceWindow,
            planAhead,
            electricityMaps,
            watttime,
            neso,
            energinet,
            trace));
  }

  /**
   * How to ask Electricity Maps.
   *
   * @param baseUrl the API's address with its version
   * @param token where the key is kept
   * @param region the zone, where {@code carbon.region} is another provider's
   * @param emissionFactorType whether plants count with their whole life or their fuel alone
   * @param horizonHours how far the forecast is asked for, where the plan has one
   * @param callsPerHour the most calls in any hour
   */
  public record ElectricityMapsConfig(
      URI baseUrl,
      Optional<SecretSource> token,
      Optional<Region> region,
      Scope emissionFactorType,
      int horizonHours,
      int callsPerHour) {
    private static final Set<Integer> HORIZONS = Set.of(6, 24, 48, 72);

    /**
     * Refuses an address that is no web address, and emission factors that the API does not know.
     */
    public ElectricityMapsConfig {
      BaseUrl.checked("base-url", baseUrl);
      if (emissionFactorType == Scope.UNSTATED) {
        throw new IllegalArgumentException("emission-factor-type must be lifecycle or direct");
      }
      if (!HORIZONS.contains(horizonHours)) {
        throw new IllegalArgumentException(
            "horizon-hours must be 6, 24, 48 or 72: " + horizonHours);
      }
    }

    Optional<String> missing() {
      return token.isPresent()
          ? Optional.empty()
          : Optional.of("electricity-maps.token-file (or token-env)");
    }

    static ElectricityMapsConfig read(Section section) throws ConfigException {
      URI baseUrl =
          section
              .value("base-url", "a web address", URI::create)
              .orElse(URI.create("https://api.electricitymaps.com/v4"));
      Optional<SecretSource> token = section.secret("token");
      Optional<Region> region = section.value("region", "a zone", Region::new);
      int horizonHours = section.integer("horizon-hours", 24, Range.wholes(6, 72));
      int callsPerHour = section.integer("calls-per-hour", 50, CarbonConfig.CALLS_PER_HOUR);
      Scope emissionFactorType = section.word("emission-factor-type", Scope.LIFECYCLE);
      return section.build(() ->
          new ElectricityMapsConfig(
              baseUrl, token, region, emissionFactorType, horizonHours, callsPerHour));
    }
  }

  /**
   * How to ask WattTime.
   *
   * @param baseUrl the API's address
   * @param username where the user's name is kept
   * @param password where the password is kept
   * @param region the region, where {@code carbon.region} is another provider's
   * @param horizonHours how far the forecast is asked for, 1 to 72
   * @param callsPerHour the most calls in any hour
   * @param latitude where this host is, if {@code chase doctor} is to tell whether that is in the
   *     region
   * @param longitude the same
   */
  public record WattTimeConfig(
      URI baseUrl,
      Optional<SecretSource> username,
      Optional<SecretSource> password,
      Optional<Region> region,
      int horizonHours,
      int callsPerHour,
      Optional<Double> latitude,
      Optional<Double> longitude) {
    private static final Range<Integer> HORIZON_HOURS = Range.wholes(1, 72);
    private static final Range<Double> LATITUDE = Range.numbers(-90, 90);
    private static final Range<Double> LONGITUDE = Range.numbers(-180, 180);

    /** Refuses an address that is no web address, and half a place. */
    public WattTimeConfig {
      BaseUrl.checked("base-url", baseUrl);
      if (latitude.isPresent() != longitude.isPresent()) {
        throw new IllegalArgumentException("latitude and longitude belong together");
      }
    }

    private static Optional<Coordinates> coordinates(
        Optional<Double> latitude, Optional<Double> longitude) {
      return latitude.flatMap(north -> longitude.map(east -> new Coordinates(north, east)));
    }

    /** Where this host is, where somebody said so. */
    public Optional<Coordinates> place() {
      return coordinates(latitude, longitude);
    }

    Optional<String> missing() {
      if (username.isEmpty()) {
        return Optional.of("watttime.username-file (or username-env)");
      }
      return password.isEmpty()
          ? Optional.of("watttime.password-file (or password-env)")
          : Optional.empty();
    }

    static WattTimeConfig read(Section section) throws ConfigException {
      URI baseUrl =
          section
              .value("base-url", "a web address", URI::create)
              .orElse(URI.create("https://api.watttime.org"));
      Optional<SecretSource> username = section.secret("username");
      Optional<SecretSource> password = section.secret("password");
      Optional<Region> region = section.value("region", "a region", Region::new);
      int horizonHours = section.integer("horizon-hours", 24, HORIZON_HOURS);
      int callsPerHour = section.integer("calls-per-hour", 120, CarbonConfig.CALLS_PER_HOUR);
      Optional<Double> latitude = section.number("latitude", LATITUDE);
      Optional<Double> longitude = section.number("longitude", LONGITUDE);
      return section.build(() ->
          new WattTimeConfig(
              baseUrl,
              username,
              password,
              region,
              horizonHours,
              callsPerHour,
              latitude,
              longitude));
    }
  }

  /**
   * A recording to play back instead of asking a provider.
   *
   * @param file a CSV with the header {@code time,grams_per_kwh}
   * @param speed how many seconds of the recording pass in one second
   * @param start the recording's time to begin at, by default its first
   * @param repeat whether it begins anew at its end
   * @param emissionScope which emissions its numbers count
   */
  public record TraceConfig(
      Optional<Path> file,
      double speed,
      Optional<Instant> start,
      boolean repeat,
      Scope emissionScope) {
    Optional<String> missing() {
      return file.isPresent() ? Optional.empty() : Optional.of("trace.file");
    }

    static TraceConfig read(Section section) throws ConfigException {
      Optional<Path> file = section.path("file");
      double speed = section.number("speed", 1, Range.divisors());
      Optional<Instant> start = section.instant("start", Range.recordings());
      boolean repeat = section.flag("repeat", true);
      Scope emissionScope = section.word("emission-scope", Scope.UNSTATED);
      return section.build(() -> new TraceConfig(file, speed, start, repeat, emissionScope));
    }
  }
}
