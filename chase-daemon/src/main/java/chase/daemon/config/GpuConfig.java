package chase.daemon.config;

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

  private static final Duration FASTEST_TELEMETRY = Duration.ofMillis(100);

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
    if (!(floorRatio > 0 && floorRatio <= 1)) {
      throw new IllegalArgumentException("floor-ratio must be above 0 and up to 1: " + floorRatio);
    }
    if (telemetryPeriod.compareTo(FASTEST_TELEMETRY) < 0) {
      throw new IllegalArgumentException("telemetry-period must be at least 100ms");
    }
    if (callDeadline.compareTo(telemetryPeriod) < 0) {
      throw new IllegalArgumentException("call-deadline must not be below telemetry-period");
    }
    if (retryAfter.isZero()) {
      throw new IllegalArgumentException("retry-after must be above 0s");
    }
    if (simulated.isEmpty()) {
      throw new IllegalArgumentException("simulated must name at least one card");
    }
  }

  static GpuConfig read(Section gpu) throws ConfigException {
    Backend backend = gpu.word("backend", Backend.NVML);
    Optional<Path> library = gpu.path("library");
    List<String> simulated = gpu.words("simulated", List.of("h100-sxm"));
    double floorRatio = gpu.number("floor-ratio", 0.6);
    Duration minimumDwell = gpu.duration("minimum-dwell", Duration.ofSeconds(60));
    Duration handsOff = gpu.duration("hands-off", Duration.ofMinutes(10));
    Duration retryAfter = gpu.duration("retry-after", Duration.ofSeconds(5));
    Duration telemetryPeriod = gpu.duration("telemetry-period", Duration.ofSeconds(1));
    Duration callDeadline = gpu.duration("call-deadline", Duration.ofSeconds(10));
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
}
