package chase.daemon.grid;

import chase.carbon.CarbonProvider;
import chase.carbon.Region;
import chase.carbon.fallback.SourceStatus;
import chase.carbon.http.CallCounts;
import chase.daemon.config.CarbonConfig.CarbonProviderName;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The providers of carbon intensity and price that a configuration names; none is called yet. */
public final class GridSources implements AutoCloseable {
  private static final Region NOWHERE = new Region("none");

  private final SignalSettings settings;
  private final List<CarbonProvider> checked;
  private final Supplier<List<CallCounts>> calls;
  private final Runnable disconnect;

  private GridSources(
      SignalSettings settings,
      List<CarbonProvider> checked,
      Supplier<List<CallCounts>> calls,
      Runnable disconnect) {
    this.settings = settings;
    this.checked = checked;
    this.calls = calls;
    this.disconnect = disconnect;
  }

  /** No provider at all. */
  public static GridSources none() {
    return new GridSources(
        new SignalSettings(
            Optional.empty(),
            Optional.empty(),
            SignalWeights.CARBON,
            NOWHERE,
            Duration.ofHours(2),
            () -> 0),
        List.of(),
        List::of,
        () -> {});
  }

  /**
   * The sources that {@code config} names. Reads recordings and secrets.
   *
   * @param environment the process's environment variables, where secrets may be kept
   * @throws ConfigException when a secret or proxy cannot be had
   * @throws IllegalArgumentException with one line when a region, secret, recording or address is
   *     unfit
   */
  public static GridSources of(
      ChaseConfig config, Map<String, String> environment, InstantSource clock)
      throws ConfigException {
    ProviderFactory providers = new ProviderFactory(config, environment, clock);
    Optional<SignalSettings.CarbonSettings> carbon =
        CarbonSignalFactory.of(config.carbon(), config.stateDirectory(), providers, clock);
    ChaseConfig.WeightsConfig weights = config.weights();
    SignalSettings settings =
        new SignalSettings(
            carbon,
            PriceSignalFactory.of(config.price(), providers, clock),
            new SignalWeights(weights.carbon(), weights.price()),
            config.carbon().region().orElse(NOWHERE),
            config.carbon().maxAge(),
            RandomGenerator.getDefault()::nextDouble);
    return new GridSources(
        settings,
        config.carbon().provider() == CarbonProviderName.TRACE
            ? List.of()
            : carbon.map(SignalSettings.CarbonSettings::providers).orElse(List.of()),
        providers::calls,
        () -> {
          providers.close();
          carbon.ifPresent(signal -> signal.memory().close());
        });
  }

  /** Whether any provider is called over the network. */
  public static boolean isNetworked(ChaseConfig config) {
    return config.carbon().provider().live() || config.price().provider().live();
  }

  /** What is polled, and how. */
  public SignalSettings settings() {
    return settings;
  }

  /** The providers of carbon intensity, the first one first. */
  public List<CarbonProvider> providers() {
    return settings.carbon().map(SignalSettings.CarbonSettings::providers).orElse(List.of());
  }

  /** The providers whose access is checked at the start. */
  public List<CarbonProvider> checkedProviders() {
    return checked;
  }

  /**
   * The sources of carbon intensity that an earlier daemon was not to call before a time that is
   * still to come. Waits until the first poll has read that, a minute at most.
   */
  List<SourceStatus> resting() throws InterruptedException {
    return settings.carbon().isPresent() ? settings.carbon().get().memory().resting() : List.of();
  }

  /** How often each provider was called; any thread may call. */
  public List<CallCounts> calls() {
    return calls.get();
  }

  /** Ends connections, and closes the signal's memory. */
  @Override
  public void close() {
    disconnect.run();
  }
}
