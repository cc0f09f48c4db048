package chase.daemon.config;

import static chase.daemon.config.TakesEffect.Moment.ON_RELOAD;
import static chase.daemon.config.TakesEffect.Moment.ON_RESTART;

import chase.zeus.engine.HostPower;
import chase.zeus.unit.Watts;
import chase.zeus.writes.WriteBounds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The GPUs and their safety rules.
 *
 * @param backend real GPUs or simulated ones
 * @param library NVML's library file, by default the one that the system finds
 * @param simulated the simulated GPUs, by preset, in order
 * @param floorRatio the lowest limit as a share of the original limit
 * @param minimumDwell how long a limit stays before the policy may change it again
 * @param handsOff how long a GPU is left alone after an external process set its limit once
 * @param handsOffMaximum how long at most, when that happens again and again
 * @param raiseWattsPerSecond by how much the limits of all GPUs together rise in a second
 * @param loweringStep the most that one write lowers a limit, as a share of the original limit
 * @param writesPerHour how many writes a GPU has in an hour
 * @param retryAfter how long to wait after a write that failed but may succeed later
 * @param telemetryPeriod how often each GPU is read
 * @param callDeadline how long a GPU may take to answer before it counts as hung
 * @param profile the power profile of GPUs that {@code profiles} does not name
 * @param profiles power profiles by model name or UUID
 */
public record GpuConfig(
    @TakesEffect(ON_RESTART) Backend backend,
    @TakesEffect(ON_RESTART) Optional<Path> library,
    @TakesEffect(ON_RESTART) List<String> simulated,
    @TakesEffect(ON_RELOAD) double floorRatio,
    @TakesEffect(ON_RELOAD) Duration minimumDwell,
    @TakesEffect(ON_RELOAD) Duration handsOff,
    @TakesEffect(ON_RELOAD) Duration handsOffMaximum,
    @TakesEffect(ON_RELOAD) double raiseWattsPerSecond,
    @TakesEffect(ON_RELOAD) double loweringStep,
    @TakesEffect(ON_RELOAD) int writesPerHour,
    @TakesEffect(ON_RELOAD) Duration retryAfter,
    @TakesEffect(ON_RELOAD) Duration telemetryPeriod,
    @TakesEffect(ON_RESTART) Duration callDeadline,
    @TakesEffect(ON_RESTART) Optional<Path> profile,
    @TakesEffect(ON_RESTART) Map<String, Path> profiles) {

  /** What stands behind the GPUs. */
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
      throw new IllegalArgumentException("simulated must name at least one GPU");
    }
  }

  static GpuConfig read(ConfigReader keys) throws ConfigException {
    return new GpuConfig(
        keys.word("backend", Backend.NVML),
        keys.path("library"),
        keys.texts("simulated", List.of("h100-sxm")),
        keys.number("floor-ratio", 0.6, "0.01", "1"),
        keys.duration("minimum-dwell", Duration.ofSeconds(60), "0s", "1d"),
        keys.duration("hands-off", Duration.ofMinutes(10), "0s", "30d"),
        keys.duration("hands-off-maximum", WriteBounds.DEFAULT_LONGEST_HANDS_OFF, "0s", "30d"),
        keys.number(
            "raise-watts-per-second", WriteBounds.DEFAULT_RAISE_WATTS_PER_SECOND, "1", "1000000"),
        keys.number("lowering-step", WriteBounds.DEFAULT_LOWERING_STEP, "0.01", "1"),
        keys.integer("writes-per-hour", WriteBounds.DEFAULT_PER_HOUR, "1", "3600"),
        keys.duration("retry-after", Duration.ofSeconds(5), "100ms", "1d"),
        keys.duration("telemetry-period", Duration.ofSeconds(1), "100ms", "1h"),
        keys.duration("call-deadline", Duration.ofSeconds(10), "100ms", "1h"),
        keys.path("profile"),
        keys.paths("profiles"));
  }

  /** How fast and how often limits are written. */
  public WriteBounds writes() {
    return new WriteBounds(raiseWattsPerSecond, loweringStep, writesPerHour, handsOffMaximum);
  }

  /** How long a reading is good for: a call may take its time, and one or two may fail. */
  public Duration freshness() {
    return callDeadline.plus(telemetryPeriod.multipliedBy(2));
  }

  /**
   * What the host uses besides its GPUs.
   *
   * @param wattsPerGpu the draw of processor, memory and fans for each GPU; more than the power
   *     supply of any server is a mistake in the unit
   * @param measure whether what the processors measure themselves (RAPL) takes its place, where
   *     that can be read
   */
  public record HostConfig(Watts wattsPerGpu, boolean measure) {
    static HostConfig read(ConfigReader keys) throws ConfigException {
      return new HostConfig(
          new Watts(keys.number("watts-per-gpu", 0, "0", "10000")), keys.flag("measure", false));
    }

    /** The host's power as it is configured. */
    public HostPower power() {
      return new HostPower(wattsPerGpu, HostPower.PowerSource.CONFIGURED);
    }
  }
}
