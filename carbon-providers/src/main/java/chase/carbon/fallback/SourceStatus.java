package chase.carbon.fallback;

import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import chase.carbon.plausibility.RejectedValues;
import java.time.Instant;
import java.util.Optional;

/**
 * How it stands with one provider of a chain.
 *
 * @param provider its short name
 * @param region about where it is asked
 * @param failure why it gave no number when it was asked last; empty when it did
 * @param forecastFailure the same for its forecast
 * @param nextPoll when it is asked again
 * @param rejected what was held back of its numbers
 */
public record SourceStatus(
    String provider,
    Region region,
    Optional<CarbonUnavailable> failure,
    Optional<CarbonUnavailable> forecastFailure,
    Instant nextPoll,
    RejectedValues rejected) {}
