package chase.daemon.grid;

import chase.carbon.CarbonProvider;
import chase.carbon.Region;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.energinet.Energinet;
import chase.carbon.http.CallLimiter;
import chase.carbon.http.HttpTransport;
import chase.carbon.http.ProviderHttp;
import chase.carbon.neso.Neso;
import chase.carbon.neso.NesoArea;
import chase.carbon.watttime.WattTime;
import chase.daemon.config.CarbonConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.SecretSource;
import chase.daemon.text.Suggestions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the providers that are asked over the network; asks nobody yet.
 *
 * @param carbon the configuration
 * @param environment where secrets may be kept
 * @param transport carries their calls
 * @param clock the daemon's clock
 */
record ProviderFactory(
    CarbonConfig carbon,
    Map<String, String> environment,
    HttpTransport transport,
    InstantSource clock) {

  /**
   * One of them.
   *
   * @param provider the provider
   * @param http its calls
   */
  record LiveProvider(CarbonProvider provider, ProviderHttp http) {}

  /**
   * The provider of that name.
   *
   * @throws ConfigException when a secret cannot be had
   * @throws IllegalArgumentException with one line when a region or secret is unfit
   */
  LiveProvider of(CarbonConfig.CarbonProviderName name) throws ConfigException {
    return switch (name) {
      case ELECTRICITY_MAPS -> electricityMaps();
      case WATTTIME -> watttime();
      case NESO -> neso();
      case ENERGINET -> energinet();
      case NONE, STATIC, TRACE ->
          throw new IllegalArgumentException(name.word() + " is not asked over the network");
    };
  }

  private LiveProvider electricityMaps() throws ConfigException {
    var settings = carbon.electricityMaps();
    var options =
        new ElectricityMaps.ZoneOptions(
            settings.baseUrl(),
            secret(settings.token()),
            region(settings.region()),
            settings.emissionFactorType(),
            settings.horizonHours());
    ProviderHttp http = http(ElectricityMaps.PROVIDER, settings.callsPerHour());
    return new LiveProvider(new ElectricityMaps(options, http, clock), http);
  }

  private LiveProvider watttime() throws ConfigException {
    var settings = carbon.watttime();
    var options =
        new WattTime.AccountOptions(
            settings.baseUrl(),
            secret(settings.username()),
            secret(settings.password()),
            region(settings.region()),
            settings.horizonHours(),
            settings.place());
    ProviderHttp http = http(WattTime.PROVIDER, settings.callsPerHour());
    return new LiveProvider(new WattTime(options, http, clock), http);
  }

  private LiveProvider neso() {
    var settings = carbon.neso();
    Region region = region(settings.region());
    ProviderHttp http = http(Neso.PROVIDER, settings.callsPerHour());
    try {
      return new LiveProvider(new Neso(settings.baseUrl(), NesoArea.of(region), http, clock), http);
    } catch (IllegalArgumentException e) {
      throw suggesting(e, region, NesoArea.names());
    }
  }

  private LiveProvider energinet() {
    var settings = carbon.energinet();
    Region region = region(settings.region());
    ProviderHttp http = http(Energinet.PROVIDER, settings.callsPerHour());
    try {
      return new LiveProvider(new Energinet(settings.baseUrl(), region, http, clock), http);
    } catch (IllegalArgumentException e) {
      throw suggesting(e, region, Energinet.AREAS);
    }
  }

  /** The refusal with the nearest word that would have been taken. */
  static IllegalArgumentException suggesting(
      IllegalArgumentException refusal, Region typed, List<String> known) {
    String hint =
        Suggestions.nearest(typed.code(), known)
            .map(near -> "; did you mean " + near + "?")
            .orElse("");
    return new IllegalArgumentException(refusal.getMessage() + hint, refusal);
  }

  private ProviderHttp http(String provider, int callsPerHour) {
    return new ProviderHttp(
        transport, CallLimiter.CallRules.defaults(provider, callsPerHour), clock);
  }

  private Region region(Optional<Region> own) {
    return own.or(carbon::region).orElseThrow();
  }

  private String secret(Optional<SecretSource> source) throws ConfigException {
    return source.orElseThrow().read(environment);
  }
}
