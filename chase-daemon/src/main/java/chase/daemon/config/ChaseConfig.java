package chase.daemon.config;

import chase.daemon.host.DefaultPaths;
import chase.zeus.engine.SafetyRules;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.SlowdownBound;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Everything that an operator may decide; an empty file means all defaults.
 *
 * @param mode whether limits are written
 * @param policy how limits are chosen
 * @param gpu the cards and their safety rules
 * @param host what else than its GPUs the host runs on
 * @param carbon where the grid's signal comes from
 * @param http how providers are reached over the network
 * @param price where the price of energy comes from
 * @param weights how much carbon and price count
 * @param jobs the jobs that register themselves
 * @param profiling how jobs are measured while they run
 * @param batchSizes the batch sizes of recurring jobs
 * @param ledger what is kept of energy, carbon and money
 * @param control the control socket
 * @param metrics the metrics page
 * @param stateDirectory where the journal and whatever must outlive the process is kept
 */
public record ChaseConfig(
    SafetyRules.Mode mode,
    PowerPolicy policy,
    GpuConfig gpu,
    GpuConfig.HostConfig host,
    CarbonConfig carbon,
    HttpConfig http,
    PriceConfig price,
    WeightsConfig weights,
    JobsConfig jobs,
    JobsConfig.ProfilingConfig profiling,
    BatchSizesConfig batchSizes,
    LedgerConfig ledger,
    ControlConfig control,
    MetricsConfig metrics,
    Path stateDirectory) {

  /**
   * Reads a configuration file; paths in it begin at its own directory.
   *
   * @param environment the process's environment variables; {@code CHASE_SOCKET} overrides the
   *     default of {@code control.socket}
   * @throws ConfigException with one line that names the offending thing
   */
  public static ChaseConfig load(Path file, Map<String, String> environment)
      throws ConfigException {
    Path directory = file.toAbsolutePath().normalize().getParent();
    return parse(
        file.getFileName().toString(),
        contents(file),
        directory == null ? Path.of("") : directory,
        environment);
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
    return read(YamlText.section(name, text, new ConfigContext(directory, environment)));
  }

  private static ChaseConfig read(Section top) throws ConfigException {
    SafetyRules.Mode mode = top.word("mode", SafetyRules.Mode.CONTROL);
    PowerPolicy policy =
        top.parsedBy("policy", PowerPolicy::parse)
            .orElseGet(() -> PowerPolicy.budget(SlowdownBound.DEFAULT.share()));
    Path stateDirectory = top.path("state-directory").orElse(Path.of(DefaultPaths.STATE));
    Section gpu = top.section("gpu");
    Section host = top.section("host");
    Section carbon = top.section("carbon");
    Section http = top.section("http");
    Section price = top.section("price");
    Section weights = top.section("weights");
    Section jobs = top.section("jobs");
    Section profiling = top.section("profiling");
    Section batchSizes = top.section("batch-sizes");
    Section ledger = top.section("ledger");
    Section control = top.section("control");
    Section metrics = top.section("metrics");
    top.refuseUnknown();
    CarbonConfig grid = CarbonConfig.read(carbon);
    PriceConfig money = PriceConfig.read(price);
    WeightsConfig counting = WeightsConfig.read(weights);
    requireSignals(weights, counting, grid, money);
    return new ChaseConfig(
        mode,
        policy,
        GpuConfig.read(gpu),
        GpuConfig.HostConfig.read(host),
        grid,
        HttpConfig.read(http),
        money,
        counting,
        JobsConfig.read(jobs),
        JobsConfig.ProfilingConfig.read(profiling),
        BatchSizesConfig.read(batchSizes),
        LedgerConfig.read(ledger),
        ControlConfig.read(control),
        MetricsConfig.read(metrics),
        stateDirectory);
  }

  /** What counts must be asked for; carbon alone may be left to policies that need no signal. */
  private static void requireSignals(
      Section section, WeightsConfig weights, CarbonConfig carbon, PriceConfig price)
      throws ConfigException {
    if (weights.price() > 0 && price.provider() == PriceConfig.PriceProviderName.NONE) {
      throw section.refusal("price is above 0, but price.provider is none");
    }
    if (weights.price() > 0
        && weights.carbon() > 0
        && carbon.provider() == CarbonConfig.CarbonProviderName.NONE) {
      throw section.refusal("carbon is above 0, but carbon.provider is none; set it to 0");
    }
  }

  private static String contents(Path file) throws ConfigException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ConfigException("the configuration file " + file + " does not exist");
    } catch (AccessDeniedException e) {
      throw new ConfigException.Forbidden(
          "no permission to read the configuration file " + file, file);
    } catch (CharacterCodingException e) {
      throw new ConfigException("the configuration file " + file + " is not text in UTF-8");
    } catch (IOException e) {
      if (Files.isDirectory(file)) {
        throw new ConfigException("the configuration file " + file + " is a directory");
      }
      throw new ConfigException.Transient(
          "cannot read the configuration file " + file + ": " + e.getMessage());
    }
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
        gpu.freshness());
  }

  /**
   * How much carbon and price count in what a joule weighs; only the ratio matters.
   *
   * @param carbon the weight of the carbon intensity over its reference
   * @param price the weight of the price over its reference
   */
  public record WeightsConfig(double carbon, double price) {
    private static final Range<Double> WEIGHT = Range.numbers(0, 1_000_000);

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

    private static void require(String name, double weight) {
      if (weight > 0 && weight < SMALLEST) {
        throw new IllegalArgumentException(name + " must be 0, or 0.000001 or more: " + weight);
      }
    }

    static WeightsConfig read(Section section) throws ConfigException {
      double carbon = section.number("carbon", 1, WEIGHT);
      double price = section.number("price", 0, WEIGHT);
      return section.build(() -> new WeightsConfig(carbon, price));
    }
  }

  /**
   * The ledger of energy, carbon and money.
   *
   * @param enabled whether there is one
   * @param retention how long its rows are kept
   */
  public record LedgerConfig(boolean enabled, Duration retention) {
    private static final Range<Duration> RETENTION = Range.times("1d", "36500d");

    static LedgerConfig read(Section section) throws ConfigException {
      boolean enabled = section.flag("enabled", true);
      Duration retention = section.duration("retention", Duration.ofDays(400), RETENTION);
      return section.build(() -> new LedgerConfig(enabled, retention));
    }
  }

  /**
   * The control socket.
   *
   * @param socket its path
   * @param group the group that may use it
   * @param lease how long a GPU that a client of Zeus's API sets is his, after he last set
   *     something
   */
  public record ControlConfig(Path socket, String group, Duration lease) {
    private static final Duration USUAL_LEASE = Duration.ofHours(1);
    private static final Range<Duration> LEASE = Range.times("1s", "30d");

    /**
     * Takes a relative path from the working directory; a socket's address needs an absolute one.
     */
    public ControlConfig {
      socket = socket.toAbsolutePath().normalize();
    }

    static ControlConfig read(Section section) throws ConfigException {
      Path otherwise =
          Path.of(section.environment().getOrDefault("CHASE_SOCKET", DefaultPaths.SOCKET));
      Path socket = section.path("socket").orElse(otherwise);
      String group = section.text("group").orElse("chase");
      Duration lease = section.duration("lease", USUAL_LEASE, LEASE);
      return section.build(() -> new ControlConfig(socket, group, lease));
    }
  }

  /**
   * The metrics page.
   *
   * @param enabled whether there is one
   * @param host the address to listen on
   * @param port the TCP port, 0 for any free one
   */
  public record MetricsConfig(boolean enabled, String host, int port) {
    /** Where servers listen by default: nobody signs in. */
    public static final String LOCALHOST = "127.0.0.1";

    static final Range<Integer> PORT = Range.wholes(0, 65_535);

    static MetricsConfig read(Section section) throws ConfigException {
      boolean enabled = section.flag("enabled", true);
      String host = section.text("host").orElse(LOCALHOST);
      int port = section.integer("port", 9478, PORT);
      return section.build(() -> new MetricsConfig(enabled, host, port));
    }
  }
}
