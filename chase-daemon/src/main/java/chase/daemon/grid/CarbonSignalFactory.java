package chase.daemon.grid;

import chase.carbon.CarbonProvider;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.fallback.FallbackRules;
import chase.carbon.fallback.PollPolicy;
import chase.carbon.history.SeriesKey;
import chase.carbon.staticmean.StaticMean;
import chase.carbon.staticmean.YearlyMeans;
import chase.carbon.trace.PlaybackSettings;
import chase.carbon.trace.Trace;
import chase.carbon.trace.TraceProvider;
import chase.daemon.config.CarbonConfig;
import chase.daemon.config.ConfigException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the carbon signal that a configuration names. */
final class CarbonSignalFactory {
  private static final Logger LOG = System.getLogger(CarbonSignalFactory.class.getName());

  private CarbonSignalFactory() {}

  /**
   * The signal; empty when no provider is configured.
   *
   * @param state the daemon's state directory, where the signal's past is kept
   */
  static Optional<SignalSettings.CarbonSettings> of(
      CarbonConfig carbon, Path state, ProviderFactory providers, InstantSource clock)
      throws ConfigException {
    if (carbon.provider().live()) {
      return Optional.of(live(carbon, state, providers, clock));
    }
    return switch (carbon.provider()) {
      case STATIC -> Optional.of(mean(carbon, clock));
      case TRACE -> Optional.of(trace(carbon, clock));
      default -> Optional.empty();
    };
  }

  private static SignalSettings.CarbonSettings live(
      CarbonConfig carbon, Path state, ProviderFactory factory, InstantSource clock)
      throws ConfigException {
    List<CarbonProvider> providers = new ArrayList<>();
    for (CarbonConfig.CarbonProviderName name : carbon.providers()) {
      providers.add(factory.carbon(name));
    }
    CarbonProvider first = providers.getFirst();
    StoredSignal past =
        new StoredSignal(
            state, providers.stream().map(CarbonSignalFactory::series).toList(), first, clock);
    return new SignalSettings.CarbonSettings(
        providers,
        Optional.of(mean(carbon, first.kind(), past, clock)),
        past,
        rules(carbon, first.kind()),
        PollPolicy.live(carbon.pollPeriod()),
        carbon.planAhead(),
        timing(carbon),
        carbon.reference());
  }

  private static SeriesKey series(CarbonProvider provider) {
    return new SeriesKey(provider.provider(), provider.region(), provider.kind());
  }

  private static FallbackRules rules(CarbonConfig carbon, SignalKind kind) {
    FallbackRules defaults = FallbackRules.defaults(kind.margin(), carbon.maxAge());
    return carbon.mixKinds() ? defaults.allowingMixedKinds() : defaults;
  }

  /** The mean to fall back on: the country's of a year where that is of the same kind. */
  private static CarbonProvider mean(
      CarbonConfig carbon, SignalKind kind, StoredSignal past, InstantSource clock) {
    Optional<StaticMean> yearly = carbon.country().map(country -> yearly(country, country, clock));
    if (yearly.isPresent() && (yearly.get().kind().equals(kind) || carbon.mixKinds())) {
      return yearly.get();
    }
    return new StoredSignal.StoredMean(past, kind, carbon.region(), clock);
  }

  private static StaticMean yearly(Region country, Region region, InstantSource clock) {
    YearlyMeans means = YearlyMeans.read();
    return means
        .of(country)
        .map(mean -> new StaticMean(region, mean, clock))
        .orElseThrow(() ->
            ProviderFactory.withNearest(
                new IllegalArgumentException("carbon.country: no yearly mean of " + country),
                country,
                means.names()));
  }

  private static SignalSettings.CarbonSettings mean(CarbonConfig carbon, InstantSource clock) {
    Region country = carbon.country().or(carbon::region).orElseThrow();
    StaticMean mean = yearly(country, carbon.region().orElse(country), clock);
    return new SignalSettings.CarbonSettings(
        List.of(mean),
        Optional.empty(),
        SignalMemory.none(),
        FallbackRules.defaults(mean.kind().margin(), carbon.maxAge()),
        PollPolicy.live(carbon.pollPeriod()),
        carbon.planAhead(),
        timing(carbon),
        carbon.reference());
  }

  private static SignalSettings.SignalTiming timing(CarbonConfig carbon) {
    return SignalSettings.SignalTiming.live(
        carbon.pollPeriod(), carbon.maxAge(), carbon.referenceWindow(), carbon.planAhead());
  }

  private static SignalSettings.CarbonSettings trace(CarbonConfig carbon, InstantSource clock) {
    CarbonConfig.TraceConfig trace = carbon.trace();
    Path file = trace.file().orElseThrow();
    TraceProvider source =
        new TraceProvider(
            Trace.read(file, warning -> LOG.log(Level.WARNING, warning)),
            carbon.region().orElseGet(() -> named(file)),
            trace.emissionScope(),
            new PlaybackSettings(trace.speed(), trace.start(), trace.repeat()),
            clock);
    SignalSettings.SignalTiming fast = timing(carbon).replayed(trace.speed());
    Duration day = fast.day();
    return new SignalSettings.CarbonSettings(
        List.of(source),
        Optional.empty(),
        new SignalMemory.ProviderHistory(source, day, clock),
        new FallbackRules(fast.maxAge(), day, day, false),
        new PollPolicy(fast.pollPeriod(), fast.minimumPause(), 0),
        carbon.planAhead(),
        fast,
        carbon.reference());
  }

  /** A recording without a region is called by its file. */
  private static Region named(Path file) {
    return new Region(String.valueOf(file.getFileName()).replaceFirst("\\.csv$", ""));
  }
}
