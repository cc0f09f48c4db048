package chase.daemon.grid;

import chase.carbon.PriceProvider;
import chase.carbon.Region;
import chase.carbon.fallback.PollPolicy;
import chase.carbon.trace.PlaybackSettings;
import chase.carbon.trace.PriceTrace;
import chase.carbon.trace.TracePriceProvider;
import chase.daemon.config.ConfigException;
import chase.daemon.config.PriceConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Makes the source of prices that a configuration names. */
final class PriceSignalFactory {
  private static final Logger LOG = System.getLogger(PriceSignalFactory.class.getName());

  /** Day-ahead markets settle a day and a half at most. */
  private static final Duration PLAN_AHEAD = Duration.ofDays(2);

  private PriceSignalFactory() {}

  /** The signal; empty when no provider is configured. */
  static Optional<SignalSettings.PriceSettings> of(
      PriceConfig price, ProviderFactory providers, InstantSource clock) throws ConfigException {
    SignalSettings.SignalTiming live =
        SignalSettings.SignalTiming.live(
            price.pollPeriod(), price.maxAge(), price.referenceWindow(), PLAN_AHEAD);
    return switch (price.provider()) {
      case NONE -> Optional.empty();
      case ENERGINET -> Optional.of(live(providers.energinetPrices(), price, live));
      case ENERGY_CHARTS -> Optional.of(live(providers.energyChartsPrices(), price, live));
      case TRACE -> {
        SignalSettings.SignalTiming fast = live.replayed(price.trace().speed());
        yield Optional.of(
            new SignalSettings.PriceSettings(
                trace(price, clock),
                new PollPolicy(fast.pollPeriod(), fast.minimumPause(), 0),
                fast,
                price.reference()));
      }
    };
  }

  private static SignalSettings.PriceSettings live(
      PriceProvider provider, PriceConfig price, SignalSettings.SignalTiming timing) {
    return new SignalSettings.PriceSettings(
        provider, PollPolicy.live(price.pollPeriod()), timing, price.reference());
  }

  private static PriceProvider trace(PriceConfig price, InstantSource clock) {
    PriceConfig.PriceTraceConfig trace = price.trace();
    Path file = trace.file().orElseThrow();
    return new TracePriceProvider(
        PriceTrace.read(file, warning -> LOG.log(Level.WARNING, warning)),
        price.region().orElseGet(() -> named(file)),
        new PlaybackSettings(trace.speed(), trace.start(), trace.repeat()),
        clock);
  }

  /** A recording without a region is called by its file. */
  private static Region named(Path file) {
    return new Region(String.valueOf(file.getFileName()).replaceFirst("\\.csv$", ""));
  }
}
