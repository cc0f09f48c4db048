package chase.daemon.config;

import chase.zeus.engine.HostPower;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cards and their safety rules.
 *
 * @param backend real cards or arithmetic
 * @param library NVML's library file, by default the one that the system finds
 * @param simulated the simulated cards, by preset, in order
 * @param floorRatio the lowest limit as a share of the limit found
 * @param minimumDwell how long a limit stays before the policy may change it again
 * @param handsOff how long a card is left alone after somebody else set its limit
 * @param retryAfter how long to wait after a write that failed in passing
 * @param telemetryPeriod how often each card is read
 * @param callDeadline how long a card may take to answer before it counts as hung
 * @param profile the power profile of cards that {@code profiles} does not name
 * @param profiles power profiles by model name or UUID
 */
public record GpuConfig(
    Backend backend,
    Optional<Path> library,
    List<String> simulated,
    double floorRatio,
    Duration minimumDwell,
    Duration handsOff,
    Duration retryAfter,
    Duration telemetryPeriod,
    Duration callDeadline,
    Optional<Path> profile,
    Map<String, Path> profiles) {

  private static final Range<Double> FLOOR_RATIO = Range.numbers(0.01, 1);
  private static final Range<Duration> MINIMUM_DWELL = Range.times("0s", "1d");
  private static final Range<Duration> HANDS_OFF = Range.times("0s", "30d");
  private static final Range<Duration> RETRY_AFTER = Range.times("100ms", "1d");
  private static final Range<Duration> TELEMETRY_PERIOD = Range.times("100ms", "1h");
  private static final Range<Duration> CALL_DEADLINE = Range.times("100ms", "1h");

  /** What stands behind the cards. */
  public enum Backend {
    /** NVIDIA's driver. */
    NVML,
    /** Arithmetic. */
    SIMULATED
  }

  /** Refuses what would be unsafe or senseless with {@link IllegalArgumentException}. */
  public GpuConfig {
    simulated = List.copyOf(simulated);
    profiles = Map.copyOf(profiles);
    if (callDeadline.compareTo(telemetryPeriod) < 0) {
      throw new IllegalArgumentException("call-deadline must not be below telemetry-period");
    }
    if (simulated.isEmpty()) {
      throw new IllegalArgumentException("simulated must name at least one card");
    }
  }

  static GpuConfig read(Section gpu) throws ConfigException {
    Backend backend = gpu.word("backend", Backend.NVML);
    Optional<Path> library = gpu.path("library");
    List<String> simulated = gpu.words("simulated", List.of("h100-sxm"));
    double floorRatio = gpu.number("floor-ratio", 0.6, FLOOR_RATIO);
    Duration minimumDwell = gpu.duration("minimum-dwell", Duration.ofSeconds(60), MINIMUM_DWELL);
    Duration handsOff = gpu.duration("hands-off", Duration.ofMinutes(10), HANDS_OFF);
    Duration retryAfter = gpu.duration("retry-after", Duration.ofSeconds(5), RETRY_AFTER);
    Duration telemetryPeriod =
        gpu.duration("telemetry-period", Duration.ofSeconds(1), TELEMETRY_PERIOD);
    Duration callDeadline = gpu.duration("call-deadline", Duration.ofSeconds(10), CALL_DEADLINE);
    Optional<Path> profile = gpu.path("profile");
    Map<String, Path> profiles = gpu.section("profiles").paths();
    return gpu.build(() ->
        new GpuConfig(
            backend,
            library,
            simulated,
            floorRatio,
            minimumDwell,
            handsOff,
            retryAfter,
            telemetryPeriod,
            callDeadline,
            profile,
            profiles));
  }

  /** How long a reading is good for: a call may take its time, and one or two may fail. */
  public Duration freshness() {
    return callDeadline.plus(telemetryPeriod.multipliedBy(2));
  }

  /**
   * What else than its GPUs the host runs on.
   *
   * @param wattsPerGpu the draw of processor, memory and fans for each GPU
   * @param measure whether what the processors measure themselves (RAPL) takes its place, where
   *     that can be read
   */
  public record HostConfig(Watts wattsPerGpu, boolean measure) {
    /** More than the whole power supply of any server is a mistake in the unit. */
    private static final Range<Double> WATTS_PER_GPU = Range.numbers(0, 10_000);

    /** The host's power as it is configured. */
    public HostPower power() {
      return new HostPower(wattsPerGpu, HostPower.PowerSource.CONFIGURED);
    }

    static HostConfig read(Section section) throws ConfigException {
      Watts wattsPerGpu = new Watts(section.number("watts-per-gpu", 0, WATTS_PER_GPU));
      boolean measure = section.flag("measure", false);
      return section.build(() -> new HostConfig(wattsPerGpu, measure));
    }
  }
}
