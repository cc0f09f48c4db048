package chase.daemon;

import chase.carbon.AccessCheck;
import chase.carbon.Region;
import chase.carbon.http.CallCounts;
import chase.carbon.http.ProxyRules;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.PriceConfig;
import chase.daemon.grid.EnergyWeights;
import chase.daemon.grid.FeedSources;
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
 * @param checks what tells what each provider lets this host do
 * @param letGo ends connections
 */
public record GridEnds(
    FeedSources sources,
    Supplier<List<CallCounts>> calls,
    List<AccessCheck> checks,
    Runnable letGo) {
  /** Nobody. */
  static final GridEnds NONE =
      new GridEnds(
          new FeedSources(
              Optional.empty(),
              Optional.empty(),
              EnergyWeights.CARBON,
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
  static GridEnds of(ChaseConfig config, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    ProxyRules proxies = isNetworked(config) ? config.http().rules(environment) : ProxyRules.NONE;
    Optional<CarbonEnd> carbon =
        CarbonSources.of(config.carbon(), config.stateDirectory(), environment, proxies, clock);
    Optional<PriceSources.End> price = PriceSources.of(config.price(), proxies, clock);
    ChaseConfig.WeightsConfig weights = config.weights();
    FeedSources sources =
        new FeedSources(
            carbon.map(CarbonEnd::signal),
            price.map(PriceSources.End::signal),
            new EnergyWeights(weights.carbon(), weights.price()),
            config.carbon().region().orElseGet(() -> new Region("none")),
            config.carbon().maxAge(),
            RandomGenerator.getDefault()::nextDouble);
    return new GridEnds(
        sources,
        () -> calls(carbon, price),
        carbon.map(CarbonEnd::checks).orElse(List.of()),
        () -> {
          carbon.ifPresent(end -> end.letGo().run());
          price.ifPresent(end -> end.letGo().run());
        });
  }

  /** Whether any provider is asked over the network. */
  static boolean isNetworked(ChaseConfig config) {
    return config.carbon().provider().live()
        || config.price().provider() == PriceConfig.PriceProviderName.ENERGINET;
  }

  /** Carbon and prices may come from one provider, which counts them apart. */
  private static List<CallCounts> calls(
      Optional<CarbonEnd> carbon, Optional<PriceSources.End> price) {
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
