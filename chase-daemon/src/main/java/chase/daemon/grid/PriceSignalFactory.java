package chase.daemon.grid;

import chase.carbon.PriceProvider;
import chase.carbon.Region;
import chase.carbon.energinet.Energinet;
import chase.carbon.energinet.EnerginetPrices;
import chase.carbon.fallback.PollPolicy;
import chase.carbon.http.CallCounts;
import chase.carbon.http.CallLimiter;
import chase.carbon.http.HttpTransport;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProxyRules;
import chase.carbon.trace.PlaybackSettings;
import chase.carbon.trace.PriceTrace;
import chase.carbon.trace.TracePriceProvider;
import chase.daemon.config.PriceConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** Makes the source of prices that a configuration names. */
final class PriceSignalFactory {
  private static final Logger LOG = System.getLogger(PriceSignalFactory.class.getName());

  /** Day-ahead markets settle a day and a half at most. */
  private static final Duration PLAN_AHEAD = Duration.ofDays(2);

  private PriceSignalFactory() {}

  /**
   * The prices and the calls for them, empty when nobody is to be asked.
   *
   * @param signal whom to ask, and how
   * @param calls how often the provider was asked; any thread may ask
   * @param disconnect ends connections
   */
  record PriceConnection(
      SignalSettings.PriceSettings signal, Supplier<List<CallCounts>> calls, Runnable disconnect) {}

  static Optional<PriceConnection> of(PriceConfig price, ProxyRules proxies, InstantSource clock) {
    SignalSettings.SignalTiming live =
        SignalSettings.SignalTiming.live(
            price.pollPeriod(), price.maxAge(), price.referenceWindow(), PLAN_AHEAD);
    return switch (price.provider()) {
      case NONE -> Optional.empty();
      case ENERGINET -> Optional.of(energinet(price, live, proxies, clock));
      case TRACE -> {
        SignalSettings.SignalTiming fast = live.replayed(price.trace().speed());
        yield Optional.of(
            new PriceConnection(
                new SignalSettings.PriceSettings(
                    trace(price, clock),
                    new PollPolicy(fast.pollPeriod(), fast.minimumPause(), 0),
                    fast,
                    reference(price)),
                List::of,
                () -> {}));
      }
    };
  }

  private static PriceConnection energinet(
      PriceConfig price,
      SignalSettings.SignalTiming timing,
      ProxyRules proxies,
      InstantSource clock) {
    Region area = price.energinet().region().or(price::region).orElseThrow();
    HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT, proxies);
    ProviderHttp http =
        new ProviderHttp(
            transport,
            CallLimiter.CallRules.defaults(Energinet.PROVIDER, price.energinet().callsPerHour()),
            clock);
    try {
      return new PriceConnection(
          new SignalSettings.PriceSettings(
              new EnerginetPrices(price.energinet().baseUrl(), area, price.currency(), http, clock),
              PollPolicy.live(price.pollPeriod()),
              timing,
              reference(price)),
          () -> List.of(http.callCounts()),
          transport::close);
    } catch (IllegalArgumentException e) {
      transport.close();
      throw ProviderFactory.suggesting(e, area, EnerginetPrices.AREAS);
    }
  }

  private static OptionalDouble reference(PriceConfig price) {
    return price.reference().map(OptionalDouble::of).orElse(OptionalDouble.empty());
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
