package chase.daemon;

import chase.carbon.AccessCheck;
import chase.carbon.Region;
import chase.carbon.http.Calls;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.WeightsConfig;
import chase.daemon.grid.EnergyWeights;
import chase.daemon.grid.FeedSources;
import java.time.InstantSource;
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
    FeedSources sources, Supplier<List<Calls>> calls, List<AccessCheck> checks, Runnable letGo) {
  /** Nobody. */
  static final GridEnds NONE =
      new GridEnds(
          new FeedSources(
              Optional.empty(),
              Optional.empty(),
              EnergyWeights.CARBON,
              new Region("none"),
              java.time.Duration.ofHours(2),
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
    Optional<CarbonEnd> carbon =
        CarbonSources.of(config.carbon(), config.stateDirectory(), environment, clock);
    WeightsConfig weights = config.weights();
    FeedSources sources =
        new FeedSources(
            carbon.map(CarbonEnd::signal),
            PriceSources.of(config.price(), clock),
            new EnergyWeights(weights.carbon(), weights.price()),
            config.carbon().region().orElseGet(() -> new Region("none")),
            config.carbon().maxAge(),
            RandomGenerator.getDefault()::nextDouble);
    return new GridEnds(
        sources,
        carbon.map(CarbonEnd::calls).orElse(List::of),
        carbon.map(CarbonEnd::checks).orElse(List.of()),
        carbon.map(CarbonEnd::letGo).orElse(() -> {}));
  }
}
