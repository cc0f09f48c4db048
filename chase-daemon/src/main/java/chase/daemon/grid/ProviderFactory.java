package chase.daemon.grid;

import chase.carbon.CarbonProvider;
import chase.carbon.PriceProvider;
import chase.carbon.Region;
import chase.carbon.ServedRegion;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.energinet.Energinet;
import chase.carbon.energinet.EnerginetPrices;
import chase.carbon.energycharts.EnergyCharts;
import chase.carbon.energycharts.EnergyChartsPrices;
import chase.carbon.fuelmix.FuelMix;
import chase.carbon.http.CallCounts;
import chase.carbon.http.CallLimiter;
import chase.carbon.http.HttpTransport;
import chase.carbon.http.ProviderHttp;
import chase.carbon.neso.Neso;
import chase.carbon.neso.NesoArea;
import chase.carbon.odre.Odre;
import chase.carbon.pjm.Pjm;
import chase.carbon.relay.OtherChase;
import chase.carbon.watttime.WattTime;
import chase.daemon.config.CarbonConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.ElectricityMapsConfig;
import chase.daemon.config.KeylessConfig;
import chase.daemon.config.PriceConfig;
import chase.daemon.config.SecretSource;
import chase.daemon.config.WattTimeConfig;
import chase.daemon.text.RegionAdvice;
import chase.daemon.text.Suggestions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the providers that are called over the network, and owns their connections; calls none yet.
 * A provider that is added here has one line in {@link #carbon}.
 */
final class ProviderFactory implements AutoCloseable {
  private final ChaseConfig config;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final List<ProviderHttp> carbonCalls = new ArrayList<>();
  private final List<ProviderHttp> priceCalls = new ArrayList<>();

  /** Made for the first provider: without one its classes need not be loaded. */
  private Optional<HttpTransport> transport = Optional.empty();

  /**
   * A factory that has made nothing.
   *
   * @param environment the process's environment variables, where secrets may be kept
   */
  ProviderFactory(ChaseConfig config, Map<String, String> environment, InstantSource clock) {
    this.config = config;
    this.environment = environment;
    this.clock = clock;
  }

  /**
   * The carbon provider of that name.
   *
   * @throws ConfigException when a secret cannot be had
   * @throws IllegalArgumentException with one line when a region, secret or proxy is unfit
   */
  CarbonProvider carbon(CarbonConfig.CarbonProviderName name) throws ConfigException {
    return switch (name) {
      case ELECTRICITY_MAPS -> electricityMaps(config.carbon().electricityMaps());
      case WATTTIME -> watttime(config.carbon().watttime());
      case NESO -> neso(config.carbon().neso());
      case ENERGINET -> energinet(config.carbon().energinet());
      case FUEL_MIX -> fuelMix(config.carbon().fuelMix());
      case PJM -> pjm(config.carbon().pjm());
      case CHASE -> otherChase(config.carbon().chase());
      case ENERGY_CHARTS -> energyCharts(config.carbon().energyCharts());
      case ODRE -> odre(config.carbon().odre());
      case NONE, STATIC, TRACE ->
          throw new IllegalArgumentException(name.label() + " is not called over the network");
    };
  }

  /** Energinet's prices; fails as {@link #carbon} does. */
  PriceProvider energinetPrices() throws ConfigException {
    PriceConfig price = config.price();
    KeylessConfig settings = price.energinet();
    Region area = settings.region().or(price::region).orElseThrow();
    ProviderHttp http =
        http(CallLimiter.CallRules.defaults(Energinet.PROVIDER, settings.callsPerHour()));
    priceCalls.add(http);
    try {
      return new EnerginetPrices(settings.baseUrl(), area, price.currency(), http, clock);
    } catch (IllegalArgumentException e) {
      throw withNearest(e, area, ServedRegion.codes(EnerginetPrices.REGIONS));
    }
  }

  /** Energy-Charts' prices, of the carbon intensity's region where no other is named. */
  PriceProvider energyChartsPrices() throws ConfigException {
    PriceConfig price = config.price();
    KeylessConfig settings = price.energyCharts();
    Region area =
        settings
            .region()
            .or(price::region)
            .or(config.carbon().energyCharts()::region)
            .or(config.carbon()::region)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "price.region is missing, and provider energy-charts needs it"));
    ProviderHttp http =
        http(
            CallLimiter.CallRules.spaced(
                EnergyCharts.PROVIDER, settings.callsPerHour(), EnergyChartsPrices.SPACING));
    priceCalls.add(http);
    try {
      return new EnergyChartsPrices(settings.baseUrl(), area, price.currency(), http, clock);
    } catch (IllegalArgumentException e) {
      boolean country =
          ServedRegion.codes(EnergyCharts.REGIONS)
              .contains(area.code().strip().toUpperCase(Locale.ROOT));
      throw country ? e : withNearest(e, area, EnergyChartsPrices.AREAS);
    }
  }

  private CarbonProvider electricityMaps(ElectricityMapsConfig settings) throws ConfigException {
    var options =
        new ElectricityMaps.ZoneOptions(
            settings.baseUrl(),
            secret(settings.token()),
            region(settings.region()),
            settings.emissionFactorType(),
            settings.horizonHours());
    ProviderHttp http = carbonHttp(ElectricityMaps.PROVIDER, settings.callsPerHour());
    return new ElectricityMaps(options, http, clock);
  }

  private CarbonProvider watttime(WattTimeConfig settings) throws ConfigException {
    var options =
        new WattTime.AccountOptions(
            settings.baseUrl(),
            secret(settings.username()),
            secret(settings.password()),
            region(settings.region()),
            settings.horizonHours(),
            settings.place());
    ProviderHttp http = carbonHttp(WattTime.PROVIDER, settings.callsPerHour());
    return new WattTime(options, http, clock);
  }

  private CarbonProvider neso(KeylessConfig settings) throws ConfigException {
    Region region = region(settings.region());
    ProviderHttp http = carbonHttp(Neso.PROVIDER, settings.callsPerHour());
    try {
      return new Neso(settings.baseUrl(), NesoArea.of(region), http, clock);
    } catch (IllegalArgumentException e) {
      throw suggesting(e, region, NesoArea.names());
    }
  }

  private CarbonProvider energinet(KeylessConfig settings) throws ConfigException {
    Region region = region(settings.region());
    ProviderHttp http = carbonHttp(Energinet.PROVIDER, settings.callsPerHour());
    try {
      return new Energinet(settings.baseUrl(), region, http, clock);
    } catch (IllegalArgumentException e) {
      throw suggesting(e, region, ServedRegion.codes(Energinet.REGIONS));
    }
  }

  private CarbonProvider fuelMix(KeylessConfig.FuelMixConfig settings) throws ConfigException {
    Region region = region(settings.region());
    ProviderHttp http = carbonHttp(FuelMix.callRules(region, settings.callsPerHour()));
    var options =
        new FuelMix.GridOptions(settings.baseUrl(), region, settings.emissionFactorType());
    try {
      return new FuelMix(options, http, clock);
    } catch (IllegalArgumentException e) {
      throw suggesting(e, region, ServedRegion.codes(FuelMix.REGIONS));
    }
  }

  private CarbonProvider pjm(CarbonConfig.PjmConfig settings) throws ConfigException {
    Region region = region(settings.region());
    var options =
        new Pjm.AreaOptions(
            settings.baseUrl(),
            secret(settings.key()),
            region,
            settings.margin(),
            settings.emissionFactorType());
    ProviderHttp http = carbonHttp(Pjm.callRules(settings.callsPerHour()));
    try {
      return new Pjm(options, http, clock);
    } catch (IllegalArgumentException e) {
      throw suggesting(e, region, ServedRegion.codes(Pjm.REGIONS));
    }
  }

  private CarbonProvider otherChase(CarbonConfig.OtherChaseConfig settings) throws ConfigException {
    Optional<SecretSource> token = settings.token();
    var options =
        new OtherChase.RelayOptions(
            settings.urls(),
            token.isPresent() ? Optional.of(secret(token)) : Optional.empty(),
            region(settings.region()),
            settings.kind(),
            OwnRelay.of(config.stateDirectory()));
    CallLimiter.CallRules rules =
        CallLimiter.CallRules.defaults(OtherChase.PROVIDER, settings.callsPerHour());
    List<ProviderHttp> each = new ArrayList<>();
    for (int i = 0; i < settings.urls().size(); i++) {
      // With a spare at hand nothing is gained by repeating a call.
      each.add(http(settings.urls().size() > 1 ? rules.withoutRetries() : rules));
    }
    carbonCalls.addAll(each);
    return new OtherChase(options, each, clock);
  }

  private CarbonProvider energyCharts(KeylessConfig settings) throws ConfigException {
    Region region = region(settings.region());
    ProviderHttp http =
        carbonHttp(
            CallLimiter.CallRules.spaced(
                EnergyCharts.PROVIDER, settings.callsPerHour(), EnergyCharts.SPACING));
    try {
      return new EnergyCharts(settings.baseUrl(), region, http, clock);
    } catch (IllegalArgumentException e) {
      throw suggesting(e, region, ServedRegion.codes(EnergyCharts.REGIONS));
    }
  }

  private CarbonProvider odre(KeylessConfig settings) throws ConfigException {
    Region region = region(settings.region());
    ProviderHttp http = carbonHttp(Odre.PROVIDER, settings.callsPerHour());
    try {
      return new Odre(settings.baseUrl(), region, http, clock);
    } catch (IllegalArgumentException e) {
      throw suggesting(e, region, ServedRegion.codes(Odre.REGIONS));
    }
  }

  /** The refusal with the nearest word that would have been taken. */
  static IllegalArgumentException withNearest(
      IllegalArgumentException refusal, Region typed, List<String> known) {
    String hint =
        Suggestions.nearest(typed.code(), known)
            .map(near -> "; did you mean " + near + "?")
            .orElse("");
    return new IllegalArgumentException(refusal.getMessage() + hint, refusal);
  }

  /**
   * The same of a region of carbon intensity, and which other provider serves it. A region that
   * would have been taken is not what was refused.
   */
  static IllegalArgumentException suggesting(
      IllegalArgumentException refusal, Region typed, List<String> known) {
    if (known.contains(typed.code())) {
      return refusal;
    }
    IllegalArgumentException nearest = withNearest(refusal, typed, known);
    return new RegionAdvice()
        .servedBy(typed)
        .map(who -> new IllegalArgumentException(nearest.getMessage() + "; " + who, refusal))
        .orElse(nearest);
  }

  private ProviderHttp carbonHttp(String provider, int callsPerHour) throws ConfigException {
    return carbonHttp(CallLimiter.CallRules.defaults(provider, callsPerHour));
  }

  private ProviderHttp carbonHttp(CallLimiter.CallRules rules) throws ConfigException {
    ProviderHttp http = http(rules);
    carbonCalls.add(http);
    return http;
  }

  private ProviderHttp http(CallLimiter.CallRules rules) throws ConfigException {
    if (transport.isEmpty()) {
      transport =
          Optional.of(
              new HttpTransport(
                  HttpTransport.HttpTimeouts.DEFAULT,
                  config.http().rules(environment),
                  config.http().authorities(clock.instant())));
    }
    return new ProviderHttp(transport.get(), rules, clock);
  }

  /** How often each provider was called; carbon and prices of one provider are counted apart. */
  List<CallCounts> calls() {
    return Stream.concat(
            carbonCalls.stream().map(ProviderHttp::callCounts),
            priceCalls.stream().map(ProviderHttp::callCounts).map(ProviderFactory::ofPrices))
        .collect(
            Collectors.toMap(
                CallCounts::provider, one -> one, CallCounts::plus, LinkedHashMap::new))
        .values()
        .stream()
        .toList();
  }

  private static CallCounts ofPrices(CallCounts calls) {
    return new CallCounts(
        calls.provider() + "-prices",
        calls.total(),
        calls.lastHour(),
        calls.hourlyBudget(),
        calls.skippedParts());
  }

  @Override
  public void close() {
    transport.ifPresent(HttpTransport::close);
  }

  private Region region(Optional<Region> own) {
    return own.or(config.carbon()::region).orElseThrow();
  }

  private String secret(Optional<SecretSource> source) throws ConfigException {
    return source.orElseThrow().read(environment);
  }
}
