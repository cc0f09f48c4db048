package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One GPU: {@code GET /v1/gpus/UUID}. */
public record GpuBody(
    @JsonUnwrapped Device device,
    String policy,
    @JsonUnwrapped Work work,
    @JsonUnwrapped Decision decision,
    Contact contact,
    Limits powerLimit,
    Optional<ReadingBody> reading,
    Optional<Energy> energy,
    Map<String, Long> rejectedReadings,
    Optional<Emissions> emissions,
    Writes writes) {

  /** What the driver says of it. */
  public record Device(
      String uuid,
      int index,
      String model,
      boolean simulated,
      String driverVersion,
      Optional<String> pciBusId) {}

  /** Who computes on it. */
  public record Work(
      Optional<String> job,
      Optional<String> jobName,
      Optional<String> jobOrigin,
      Optional<String> throughputSource) {}

  /** Why its limit is what it is. */
  public record Decision(
      String reason,
      Optional<Instant> until,
      Optional<Instant> pausedSince,
      boolean pending,
      Optional<LeaseBody> lease) {}

  /** A lease of a GPU, through the API of Zeus. */
  public record LeaseBody(
      String user, Optional<Long> pid, Optional<Double> limitWatts, Instant until) {}

  /** Whether a GPU answers. */
  public record Contact(String state, Optional<Instant> since, Optional<String> why) {}

  /** Power limits in watts. */
  public record Limits(
      Optional<Double> targetWatts,
      Optional<Double> requestedWatts,
      Optional<Double> enforcedWatts,
      Optional<Double> originalWatts,
      Optional<Double> defaultWatts,
      Optional<Double> minWatts,
      Optional<Double> maxWatts,
      Optional<Double> allowedMinWatts,
      Optional<Double> allowedMaxWatts) {}

  /** One sample of the GPU. */
  public record ReadingBody(
      Optional<Instant> at,
      Optional<Double> powerWatts,
      Optional<String> powerScope,
      Optional<Double> utilizationRatio,
      Optional<Integer> smClockMegahertz,
      Optional<Integer> memoryClockMegahertz,
      Optional<Integer> temperatureCelsius,
      Optional<List<String>> clockEventReasons,
      Optional<Double> powerCappedSeconds,
      Optional<Boolean> persistenceMode,
      Optional<ActivityBody> activity) {}

  /** How fast a GPU works; comparable for one GPU, one source and one job only. */
  public record ActivityBody(double cyclesPerSecond, String source) {}

  /** Energy since Chase started. */
  public record Energy(double joules, String basis, double integratedJoules) {}

  /** CO2 (equivalent) since Chase started, a second behind the energy at most. */
  public record Emissions(
      double grams, Map<String, Double> gramsByKind, double joulesWithoutSignal) {}

  /** The results of Chase's writes so far, and how many more the hour has. */
  public record Writes(
      long applied, long refused, long failed, long foreign, long held, int left) {}

  /** Holds one GPU at a limit: {@code PUT /v1/gpus/UUID/override}. */
  public record OverrideRequest(double limitWatts, @JsonProperty("for") String lasting) {}
}
