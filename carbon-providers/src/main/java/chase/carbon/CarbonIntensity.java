package chase.carbon;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * One carbon intensity with everything that is known about it.
 *
 * @param value the intensity
 * @param kind average or marginal, direct or lifecycle
 * @param provenance measured, estimated, forecast, replayed or a yearly mean
 * @param provider whose value it is, such as {@code electricity-maps}
 * @param region where it holds
 * @param validFrom the start of the period that it describes
 * @param validTo the end of that period, excluded
 * @param publishedAt when the provider last wrote the value; where that is unknown, when it was
 *     fetched
 * @param fetchedAt when it reached this host
 * @param modelDate the date of the provider's model, where it names one; a new one may shift levels
 */
public record CarbonIntensity(
    GramsPerKwh value,
    SignalKind kind,
    Provenance provenance,
    String provider,
    Region region,
    Instant validFrom,
    Instant validTo,
    Instant publishedAt,
    Instant fetchedAt,
    Optional<LocalDate> modelDate)
    implements TimedValue {
  /** Refuses an empty period with {@link IllegalArgumentException}. */
  public CarbonIntensity {
    if (!validFrom.isBefore(validTo)) {
      throw new IllegalArgumentException("empty period: " + validFrom + " to " + validTo);
    }
  }

  /** What is left of it from {@code from} on, an instant inside the period. */
  public CarbonIntensity from(Instant from) {
    return new CarbonIntensity(
        value,
        kind,
        provenance,
        provider,
        region,
        from,
        validTo,
        publishedAt,
        fetchedAt,
        modelDate);
  }
}
