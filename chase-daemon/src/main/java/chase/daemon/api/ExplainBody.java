package chase.daemon.api;

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
    String signalRegion,
    boolean signalTrusted,
    Optional<String> signalOrigin,
    Optional<Long> signalAgeSeconds,
    Optional<Double> carbonIntensityGramsPerKwh,
    Optional<Double> referenceGramsPerKwh,
    Optional<JobBody> job) {}
