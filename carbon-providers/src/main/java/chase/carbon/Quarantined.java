package chase.carbon;

import java.time.Instant;
import java.util.Optional;

/**
 * A number that was not let through.
 *
 * @param reason the kind of reason
 * @param message the reason in one line
 * @param value the number; empty where there was none
 * @param at when it came
 */
public record Quarantined(
    RejectReason reason, String message, Optional<CarbonIntensity> value, Instant at) {}
