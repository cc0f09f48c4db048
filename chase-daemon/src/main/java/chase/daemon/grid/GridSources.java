package chase.daemon.grid;

import chase.carbon.CarbonProvider;
import chase.carbon.Region;
import chase.carbon.http.CallCounts;
import chase.carbon.http.ProxyRules;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.PriceConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Whoever knows the grid, made but not yet asked.
 *
 * @param sources whom the feed asks
 * @param calls how often each provider was asked; any thread may ask
 * @param providers the providers whose access is checked at the start
 * @param disconnect ends connections
 */
public record GridSources(
    SignalSettings sources,
    Supplier<List<CallCounts>> calls,
    List<CarbonProvider> providers,
    Runnable disconnect) {
  /** Nobody. */
  public static final GridSources NONE =
      new GridSources(
          new SignalSettings(
              Optional.empty(),
              Optional.empty(),
              SignalWeights.CARBON,
              new Region("none"),
              Duration.ofHours(2),
              () -> 0),
          List::of,
          List.of(),
          () -> {});

  /**
   * The ends that {@code config} names. Reads recordings and secrets, and asks nobody yet.
   *
   * @param environment the process's environment variables, where secrets may be kept
   */
  public static GridSources of(
      ChaseConfig config, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    ProxyRules proxies = isNetworked(config) ? config.http().rules(environment) : ProxyRules.NONE;
    Optional<CarbonConnection> carbon =
        CarbonSignalFactory.of(
            config.carbon(), config.stateDirectory(), environment, proxies, clock);
    Optional<PriceSignalFactory.PriceConnection> price =
        PriceSignalFactory.of(config.price(), proxies, clock);
    ChaseConfig.WeightsConfig weights = config.weights();
    SignalSettings sources =
        new SignalSettings(
            carbon.map(CarbonConnection::signal),
            price.map(PriceSignalFactory.PriceConnection::signal),
            new SignalWeights(weights.carbon(), weights.price()),
            config.carbon().region().orElseGet(() -> new Region("none")),
            config.carbon().maxAge(),
            RandomGenerator.getDefault()::nextDouble);
    return new GridSources(
        sources,
        () -> calls(carbon, price),
        carbon.map(CarbonConnection::providers).orElse(List.of()),
        () -> {
          carbon.ifPresent(end -> end.disconnect().run());
          price.ifPresent(end -> end.disconnect().run());
        });
  }

  /** Whether any provider is asked over the network. */
  public static boolean isNetworked(ChaseConfig config) {
    return config.carbon().provider().live()
        || config.price().provider() == PriceConfig.PriceProviderName.ENERGINET;
  }

  /** Carbon and prices may come from one provider, which counts them apart. */
  private static List<CallCounts> calls(
      Optional<CarbonConnection> carbon, Optional<PriceSignalFactory.PriceConnection> price) {
    List<CallCounts> all = new ArrayList<>(carbon.map(end -> end.calls().get()).orElse(List.of()));
    price
        .map(end -> end.calls().get())
        .orElse(List.of())
        .forEach(calls ->
            all.add(
                new CallCounts(
                    calls.provider() + "-prices",
                    calls.total(),
                    calls.lastHour(),
                    calls.hourlyBudget(),
                    calls.skippedParts())));
    return all;
  }
}
