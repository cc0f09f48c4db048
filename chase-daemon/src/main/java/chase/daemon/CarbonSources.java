package chase.daemon;

import chase.carbon.CarbonForecast;
import chase.carbon.CarbonHistory;
import chase.carbon.CarbonSource;
import chase.carbon.ChainLink;
import chase.carbon.ChainRules;
import chase.carbon.PollPace;
import chase.carbon.Region;
import chase.carbon.Signal;
import chase.carbon.Signal.Margin;
import chase.carbon.Signal.Scope;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.history.SeriesKey;
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
import chase.daemon.grid.CarbonSignal;
import chase.daemon.grid.FeedTiming;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Makes the carbon signal that a configuration names. */
final class CarbonSources {
  private static final Signal MARGINAL = new Signal(Margin.MARGINAL, Scope.DIRECT);
  private static final int ELECTRICITY_MAPS_CALLS_AN_HOUR = 50;
  private static final int WATTTIME_CALLS_AN_HOUR = 120;

  private CarbonSources() {}

  /**
   * @param state the daemon's state directory, where the signal's past is kept
   */
  static Optional<CarbonEnd> of(
      CarbonConfig carbon, Path state, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    return switch (carbon.provider()) {
      case NONE -> Optional.empty();
      case ELECTRICITY_MAPS -> Optional.of(electricityMaps(carbon, state, environment, clock));
      case WATTTIME -> Optional.of(watttime(carbon, state, environment, clock));
      case TRACE -> Optional.of(trace(carbon, clock));
    };
  }

  private static CarbonEnd electricityMaps(
      CarbonConfig carbon, Path state, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    ElectricityMaps.Options options =
        new ElectricityMaps.Options(
            carbon.electricityMaps().baseUrl(),
            secret(carbon.electricityMaps().token(), environment),
            carbon.region().orElseThrow(),
            carbon.electricityMaps().emissionFactorType(),
            24);
    Transport transport = new Transport(Timeouts.USUAL);
    ProviderHttp http =
        new ProviderHttp(
            transport,
            Etiquette.usual(ElectricityMaps.PROVIDER, ELECTRICITY_MAPS_CALLS_AN_HOUR),
            clock);
    Signal kind = new Signal(Margin.AVERAGE, carbon.electricityMaps().emissionFactorType());
    return live(
        new ElectricityMaps(options, http, clock), kind, http, transport, carbon, state, clock);
  }

  private static CarbonEnd watttime(
      CarbonConfig carbon, Path state, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    WattTime.Options options =
        new WattTime.Options(
            carbon.watttime().baseUrl(),
            secret(carbon.watttime().username(), environment),
            secret(carbon.watttime().password(), environment),
            carbon.region().orElseThrow(),
            24,
            Optional.empty());
    Transport transport = new Transport(Timeouts.USUAL);
    ProviderHttp http =
        new ProviderHttp(
            transport, Etiquette.usual(WattTime.PROVIDER, WATTTIME_CALLS_AN_HOUR), clock);
    return live(
        new WattTime(options, http, clock), MARGINAL, http, transport, carbon, state, clock);
  }

  private static CarbonEnd live(
      CarbonSource provider,
      Signal kind,
      ProviderHttp http,
      Transport transport,
      CarbonConfig carbon,
      Path state,
      InstantSource clock) {
    SeriesKey series = new SeriesKey(provider.provider(), provider.region(), kind);
    StoredPast past =
        new StoredPast(
            state,
            List.of(series),
            provider instanceof CarbonHistory known ? Optional.of(known) : Optional.empty(),
            clock);
    Optional<CarbonForecast> forecast =
        provider instanceof CarbonForecast known ? Optional.of(known) : Optional.empty();
    CarbonSignal signal =
        new CarbonSignal(
            List.of(new ChainLink(kind, provider, forecast)),
            Optional.empty(),
            past,
            ChainRules.usual(kind.margin(), carbon.maxAge()),
            PollPace.live(carbon.pollPeriod()),
            carbon.planAhead(),
            timing(carbon),
            reference(carbon));
    return new CarbonEnd(
        signal,
        () -> List.of(http.calls()),
        List.of(),
        () -> {
          transport.close();
          past.close();
        });
  }

  private static FeedTiming timing(CarbonConfig carbon) {
    return FeedTiming.live(
        carbon.pollPeriod(), carbon.maxAge(), carbon.referenceWindow(), carbon.planAhead());
  }

  private static OptionalDouble reference(CarbonConfig carbon) {
    return carbon.reference().map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  private static CarbonEnd trace(CarbonConfig carbon, InstantSource clock) {
    TraceConfig trace = carbon.trace();
    Path file = trace.file().orElseThrow();
    Trace recorded = Trace.read(file);
    TraceSource source =
        new TraceSource(
            recorded,
            carbon
                .region()
                .or(() -> recorded.subject().map(Trace.Subject::region))
                .orElseGet(() -> named(file)),
            trace.emissionScope(),
            new Replay(trace.speed(), trace.start(), trace.repeat()),
            clock);
    FeedTiming fast = timing(carbon).replayed(trace.speed());
    Duration day = fast.day();
    CarbonSignal signal =
        new CarbonSignal(
            List.of(new ChainLink(source.signal(), source, Optional.empty())),
            Optional.empty(),
            new BackFill(source.history(), day, clock),
            new ChainRules(fast.maxAge(), day, day, false),
            new PollPace(fast.pollPeriod(), fast.shortestPause(), 0),
            carbon.planAhead(),
            fast,
            reference(carbon));
    return new CarbonEnd(signal, List::of, List.of(), () -> {});
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
