package chase.daemon.api;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Why a card is at its limit: {@code GET /v1/gpus/UUID/explain}.
 *
 * @param text the answer in words
 * @param uuid the card
 * @param index its place in the driver's list
 * @param reason the answer in one word, as in {@link GpuBody#reason()}
 * @param until when that reason ends by itself
 * @param mode {@code control} or {@code observe}
 * @param policy what decides about the card
 * @param pending whether an order is on its way to the card
 * @param powerLimit the card's limits
 * @param signalRegion where the grid's number holds
 * @param signalTrusted whether that number may be acted on now
 * @param signalOrigin how it came about
 * @param signalAgeSeconds how old it is
 * @param carbonIntensityGramsPerKwh the number
 * @param referenceGramsPerKwh what it is compared with
 * @param job the job that registered for the card
 */
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
    OptionalDouble carbonIntensityGramsPerKwh,
    OptionalDouble referenceGramsPerKwh,
    Optional<JobBody> job) {}
