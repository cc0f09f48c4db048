package chase.carbon.fallback;

import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import chase.carbon.plausibility.RejectedValues;
import java.time.Instant;
import java.util.Optional;

/**
 * The status of one provider of a chain.
 *
 * @param provider its short name
 * @param region its region
 * @param failure why the last poll brought no value; empty when it did
 * @param forecastFailure the same for its forecast
 * @param nextPoll when its value is polled again, a moment of the past while that is due
 * @param rejected which of its values were rejected
 * @param attribution what the licence of its values wants shown beside them
 * @param notice what it announces of itself
 */
public record SourceStatus(
    String provider,
    Region region,
    Optional<CarbonUnavailable> failure,
    Optional<CarbonUnavailable> forecastFailure,
    Instant nextPoll,
    RejectedValues rejected,
    Optional<String> attribution,
    Optional<String> notice) {
  /** Of a provider whose licence wants nothing shown, and that announces nothing. */
  public SourceStatus(
      String provider,
      Region region,
      Optional<CarbonUnavailable> failure,
      Optional<CarbonUnavailable> forecastFailure,
      Instant nextPoll,
      RejectedValues rejected) {
    this(
        provider,
        region,
        failure,
        forecastFailure,
        nextPoll,
        rejected,
        Optional.empty(),
        Optional.empty());
  }
}
