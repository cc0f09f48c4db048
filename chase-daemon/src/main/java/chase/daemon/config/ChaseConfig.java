package chase.daemon.config;

import static chase.daemon.config.TakesEffect.Moment.ON_RELOAD;
import static chase.daemon.config.TakesEffect.Moment.ON_RESTART;

import chase.daemon.config.ConfigReader.RefusedKey;
import chase.daemon.host.DefaultPaths;
import chase.daemon.http.ServerCredentials;
import chase.daemon.text.LogLevel;
import chase.zeus.engine.SafetyRules;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.SlowdownBound;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that an operator may decide; an empty file means all defaults.
 *
 * @param mode whether limits are written
 * @param policy how limits are chosen
 * @param stateDirectory where the journals and the databases lie
 * @param gpu the GPUs and their safety rules
 * @param host what the host uses besides its GPUs
 * @param carbon where the grid's carbon intensity comes from
 * @param http how providers are reached over the network
 * @param price where the price of energy comes from
 * @param weights how much carbon and price count
 * @param jobs the jobs that register themselves
 * @param profiling how jobs are measured while they run
 * @param batchSizes the batch sizes of recurring jobs
 * @param ledger what is kept of energy, carbon and money
 * @param control the control socket
 * @param access who may do what there
 * @param metrics the metrics page
 * @param log what is logged
 */
public record ChaseConfig(
    @TakesEffect(ON_RESTART) SafetyRules.Mode mode,
    @TakesEffect(ON_RELOAD) PowerPolicy policy,
    @TakesEffect(ON_RESTART) Path stateDirectory,
    GpuConfig gpu,
    @TakesEffect(ON_RELOAD) GpuConfig.HostConfig host,
    @TakesEffect(ON_RELOAD) CarbonConfig carbon,
    @TakesEffect(ON_RELOAD) HttpConfig http,
    @TakesEffect(ON_RELOAD) PriceConfig price,
    @TakesEffect(ON_RELOAD) WeightsConfig weights,
    @TakesEffect(ON_RELOAD) JobsConfig jobs,
    @TakesEffect(ON_RELOAD) JobsConfig.ProfilingConfig profiling,
    @TakesEffect(ON_RESTART) BatchSizesConfig batchSizes,
    @TakesEffect(ON_RESTART) LedgerConfig ledger,
    ControlConfig control,
    @TakesEffect(ON_RELOAD) AccessConfig access,
    MetricsConfig metrics,
    @TakesEffect(ON_RELOAD) LogConfig log) {
  /** Refuses weights of what has no provider; carbon alone may be left to policies without one. */
  public ChaseConfig {
    if (weights.price() > 0 && price.provider() == PriceConfig.PriceProviderName.NONE) {
      throw new RefusedKey("weights", "price is above 0, but price.provider is none");
    }
    if (weights.price() > 0
        && weights.carbon() > 0
        && carbon.provider() == CarbonConfig.CarbonProviderName.NONE) {
      throw new RefusedKey(
          "weights", "carbon is above 0, but carbon.provider is none; set it to 0");
    }
  }

  /**
   * How much carbon and price count in what a joule weighs; only the ratio matters.
   *
   * @param carbon the weight of the carbon intensity over its reference
   * @param price the weight of the price over its reference
   */
  public record WeightsConfig(double carbon, double price) {
    /** The smallest that is not zero: what is smaller overflows where it divides. */
    private static final double SMALLEST = 1e-6;

    /** Refuses weights that are next to nothing, and two of zero. */
    public WeightsConfig {
      require("carbon", carbon);
      require("price", price);
      if (carbon + price == 0) {
        throw new IllegalArgumentException("carbon and price must not both be 0");
      }
    }

    private static WeightsConfig read(ConfigReader keys) throws ConfigException {
      return new WeightsConfig(
          keys.number("carbon", 1, "0", "1000000"), keys.number("price", 0, "0", "1000000"));
    }

    private static void require(String name, double weight) {
      if (weight > 0 && weight < SMALLEST) {
        throw new IllegalArgumentException(name + " must be 0, or 0.000001 or more: " + weight);
      }
    }
  }

  /**
   * The ledger of energy, carbon and money.
   *
   * @param enabled whether there is one
   * @param retention how long its rows are kept
   */
  public record LedgerConfig(boolean enabled, Duration retention) {
    private static LedgerConfig read(ConfigReader keys) throws ConfigException {
      return new LedgerConfig(
          keys.flag("enabled", true),
          keys.duration("retention", Duration.ofDays(400), "1d", "36500d"));
    }
  }

  /**
   * The control socket.
   *
   * @param socket its path
   * @param lease how long a client of Zeus's API holds a GPU after its last change of a setting
   * @param remember how long after Chase last ran a start still knows what was asked for; zero for
   *     a daemon that forgets
   */
  public record ControlConfig(
      @TakesEffect(ON_RESTART) Path socket,
      @TakesEffect(ON_RELOAD) Duration lease,
      @TakesEffect(ON_RESTART) Duration remember) {
    /** Makes a relative path absolute, which a socket's address must be. */
    public ControlConfig {
      socket = socket.toAbsolutePath().normalize();
    }

    private static ControlConfig read(ConfigReader keys, Map<String, String> environment)
        throws ConfigException {
      keys.moved("group", "chase", "access.operator.groups");
      Path otherwise = Path.of(environment.getOrDefault("CHASE_SOCKET", DefaultPaths.SOCKET));
      return new ControlConfig(
          keys.path("socket").orElse(otherwise),
          keys.duration("lease", Duration.ofHours(1), "1s", "30d"),
          keys.duration("remember", Duration.ofDays(7), "0s", "365d"));
    }
  }

  /**
   * The metrics page.
   *
   * @param enabled whether there is one
   * @param host the address to listen on
   * @param port the TCP port, 0 for any free one
   * @param userNames whether labels and the page name the users of jobs and leases
   * @param page whether the page for people is there
   * @param outlook whether other hosts' Chases may read the outlook there
   * @param allowedHosts by which names, besides the host's own, the page may be called
   * @param tls with what it speaks TLS
   * @param token where the token is kept that its clients show
   */
  public record MetricsConfig(
      @TakesEffect(ON_RESTART) boolean enabled,
      @TakesEffect(ON_RESTART) String host,
      @TakesEffect(ON_RESTART) int port,
      @TakesEffect(ON_RELOAD) boolean userNames,
      @TakesEffect(ON_RESTART) boolean page,
      @TakesEffect(ON_RESTART) boolean outlook,
      @TakesEffect(ON_RESTART) List<String> allowedHosts,
      @TakesEffect(ON_RESTART) TlsConfig tls,
      @TakesEffect(ON_RESTART) Optional<SecretSource> token) {
    /** The default address of servers, which only this host reaches. */
    public static final String LOCALHOST = "127.0.0.1";

    /** Refuses what no Host header can be, and an unprotected address that others reach. */
    public MetricsConfig {
      if (enabled) {
        tls.requireFor(host, token);
      }
      allowedHosts = List.copyOf(allowedHosts);
      allowedHosts.stream()
          .filter(name -> !name.matches("\\.?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?"))
          .findFirst()
          .ifPresent(name -> {
            throw new RefusedKey(
                "allowed-hosts",
                "'%s' is no host name, such as gpu01.example.org, or .example.org for all of them"
                    .formatted(name));
          });
    }

    /**
     * Its certificate and token, read now; blocks.
     *
     * @param environment the process's environment variables
     * @throws ConfigException with one line that names the file or variable, never what it holds
     */
    public ServerCredentials credentials(Map<String, String> environment) throws ConfigException {
      return tls.credentials("metrics", token, environment);
    }

    private static MetricsConfig read(ConfigReader keys) throws ConfigException {
      return new MetricsConfig(
          keys.flag("enabled", true),
          keys.text("host").orElse(LOCALHOST),
          keys.integer("port", 9478, "0", "65535"),
          keys.flag("user-names", true),
          keys.flag("page", true),
          keys.flag("outlook", false),
          keys.texts("allowed-hosts", List.of()),
          keys.section("tls", TlsConfig::read),
          keys.secret("token"));
    }
  }

  /**
   * The log.
   *
   * @param level the least important lines that are written
   */
  public record LogConfig(LogLevel level) {
    private static LogConfig read(ConfigReader keys) throws ConfigException {
      return new LogConfig(keys.word("level", LogLevel.INFO));
    }
  }

  /**
   * Reads a configuration file; paths in it begin at its own directory.
   *
   * @param environment the process's environment variables; {@code CHASE_SOCKET} overrides the
   *     default of {@code control.socket}
   * @throws ConfigException with one line that names the offending thing
   */
  public static ChaseConfig load(Path file, Map<String, String> environment)
      throws ConfigException {
    return ConfigFile.read(file, environment).parse();
  }

  /**
   * Reads a configuration text.
   *
   * @param name what messages call it
   * @param directory where relative paths begin
   * @throws ConfigException with one line that names the offending thing
   */
  public static ChaseConfig parse(
      String name, String text, Path directory, Map<String, String> environment)
      throws ConfigException {
    return parse(name, text, directory, environment, Set.of());
  }

  /** The same without the keys in {@code ignored}. */
  static ChaseConfig parse(
      String name,
      String text,
      Path directory,
      Map<String, String> environment,
      Set<String> ignored)
      throws ConfigException {
    return ConfigReader.of(name, text, directory, ignored).read(keys -> read(keys, environment));
  }

  private static ChaseConfig read(ConfigReader keys, Map<String, String> environment)
      throws ConfigException {
    return new ChaseConfig(
        keys.word("mode", SafetyRules.Mode.CONTROL),
        keys.parsed("policy", PowerPolicy::parse)
            .orElseGet(() -> PowerPolicy.budget(SlowdownBound.DEFAULT.share())),
        keys.path("state-directory").orElse(Path.of(DefaultPaths.STATE)),
        keys.section("gpu", GpuConfig::read),
        keys.section("host", GpuConfig.HostConfig::read),
        keys.section("carbon", CarbonConfig::read),
        keys.section("http", HttpConfig::read),
        keys.section("price", PriceConfig::read),
        keys.section("weights", WeightsConfig::read),
        keys.section("jobs", JobsConfig::read),
        keys.section("profiling", JobsConfig.ProfilingConfig::read),
        keys.section("batch-sizes", BatchSizesConfig::read),
        keys.section("ledger", LedgerConfig::read),
        keys.section("control", control -> ControlConfig.read(control, environment)),
        keys.section("access", AccessConfig::read),
        keys.section("metrics", MetricsConfig::read),
        keys.section("log", LogConfig::read));
  }

  /** The engine's safety rules. */
  public SafetyRules rules() {
    return new SafetyRules(
        mode,
        gpu.floorRatio(),
        gpu.minimumDwell(),
        gpu.handsOff(),
        gpu.retryAfter(),
        jobs.silence(),
        profiling.rules(),
        gpu.freshness(),
        gpu.writes(),
        1);
  }
}
