package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Asks to hold one card at a limit: {@code PUT /v1/gpus/UUID/override}.
 *
 * @param limitWatts the limit
 * @param lasting for how long, as {@link Durations} reads it; its key is {@code for}
 */
public record OverrideRequest(double limitWatts, @JsonProperty("for") String lasting) {}
