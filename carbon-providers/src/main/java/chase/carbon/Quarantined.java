package chase.carbon;

import java.time.Instant;
import java.util.Optional;

/**
 * A number that was not let through.
 *
 * @param doubt the kind of reason
 * @param why the reason in one line
 * @param sample the number; empty where there was none
 * @param at when it came
 */
public record Quarantined(Doubt doubt, String why, Optional<CarbonIntensity> sample, Instant at) {}
