package chase.carbon;

import java.util.Optional;

/**
 * All that one provider can tell of one region.
 *
 * @param source its number for now
 * @param forecast its numbers for the hours to come, where it has a forecast
 * @param history its numbers for the hours before, where it keeps them
 * @param check what it lets this host do
 */
public record CarbonProvider(
    CarbonSource source,
    Optional<CarbonForecast> forecast,
    Optional<CarbonHistory> history,
    AccessCheck check) {}
