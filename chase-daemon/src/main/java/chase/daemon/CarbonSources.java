package chase.daemon;

import chase.carbon.CachedSource;
import chase.carbon.CarbonSource;
import chase.carbon.Region;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.http.Etiquette;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.Timeouts;
import chase.carbon.http.Transport;
import chase.carbon.trace.Replay;
import chase.carbon.trace.Trace;
import chase.carbon.trace.TraceSource;
import chase.carbon.watttime.WattTime;
import chase.daemon.config.CarbonConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.SecretSource;
import chase.daemon.config.TraceConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the source that a configuration names. No cache stands before it: the feed is its only
 * caller and keeps to the poll period itself, which also brings a provider's corrections.
 */
final class CarbonSources {
  private CarbonSources() {}

  static Optional<CarbonEnd> of(
      CarbonConfig carbon, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    return switch (carbon.provider()) {
      case NONE -> Optional.empty();
      case ELECTRICITY_MAPS -> Optional.of(electricityMaps(carbon, environment, clock));
      case WATTTIME -> Optional.of(watttime(carbon, environment, clock));
      case TRACE -> Optional.of(new CarbonEnd(trace(carbon, clock), () -> {}));
    };
  }

  private static CarbonEnd electricityMaps(
      CarbonConfig carbon, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    ElectricityMaps.Options options =
        new ElectricityMaps.Options(
            carbon.electricityMaps().baseUrl(),
            secret(carbon.electricityMaps().token(), environment),
            carbon.region().orElseThrow(),
            carbon.electricityMaps().emissionFactorType());
    Transport transport = new Transport(Timeouts.USUAL);
    ProviderHttp http =
        new ProviderHttp(transport, Etiquette.usual(ElectricityMaps.PROVIDER, 50), clock);
    return live(new ElectricityMaps(options, http, clock), transport, carbon, clock);
  }

  private static CarbonEnd watttime(
      CarbonConfig carbon, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    WattTime.Options options =
        new WattTime.Options(
            carbon.watttime().baseUrl(),
            secret(carbon.watttime().username(), environment),
            secret(carbon.watttime().password(), environment),
            carbon.region().orElseThrow());
    Transport transport = new Transport(Timeouts.USUAL);
    ProviderHttp http = new ProviderHttp(transport, Etiquette.usual(WattTime.PROVIDER, 120), clock);
    return live(new WattTime(options, http, clock), transport, carbon, clock);
  }

  /** Within the period of its last number a provider is not asked again. */
  private static CarbonEnd live(
      CarbonSource provider, Transport transport, CarbonConfig carbon, InstantSource clock) {
    return new CarbonEnd(new CachedSource(provider, carbon.pollPeriod(), clock), transport::close);
  }

  private static CarbonSource trace(CarbonConfig carbon, InstantSource clock) {
    TraceConfig trace = carbon.trace();
    Path file = trace.file().orElseThrow();
    return new TraceSource(
        Trace.read(file),
        carbon.region().orElseGet(() -> named(file)),
        trace.emissionScope(),
        new Replay(trace.speed(), trace.start(), trace.repeat()),
        clock);
  }

  /** A recording without a region is called by its file. */
  private static Region named(Path file) {
    return new Region(String.valueOf(file.getFileName()).replaceFirst("\\.csv$", ""));
  }

  private static String secret(Optional<SecretSource> source, Map<String, String> environment)
      throws ConfigException {
    return source.orElseThrow().read(environment);
  }
}
