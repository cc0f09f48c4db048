package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Optional;

/** Why a GPU is at its limit: {@code GET /v1/gpus/UUID/explain}. */
public record ExplainBody(
    String text,
    String uuid,
    int index,
    String reason,
    Optional<Instant> until,
    String mode,
    String policy,
    boolean pending,
    GpuBody.Limits powerLimit,
    @JsonUnwrapped Carbon carbon,
    Optional<JobBody> job) {

  /** The carbon intensity that the policy may look at. */
  public record Carbon(
      String signalRegion,
      boolean signalTrusted,
      Optional<String> signalOrigin,
      Optional<Long> signalAgeSeconds,
      Optional<Double> carbonIntensityGramsPerKwh,
      Optional<Double> referenceGramsPerKwh) {}
}
