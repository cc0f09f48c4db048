package chase.carbon;

import java.time.Instant;
import java.util.Optional;

/**
 * How it stands with one provider of a chain.
 *
 * @param provider its short name
 * @param region about where it is asked
 * @param trouble why it gave no number when it was asked last; empty when it did
 * @param forecastTrouble the same for its forecast
 * @param nextAsked when it is asked again
 * @param quarantine what was held back of its numbers
 */
public record LinkReport(
    String provider,
    Region region,
    Optional<CarbonUnavailable> trouble,
    Optional<CarbonUnavailable> forecastTrouble,
    Instant nextAsked,
    Quarantine quarantine) {}
