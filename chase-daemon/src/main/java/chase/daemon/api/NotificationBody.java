package chase.daemon.api;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One thing that happened, as told on {@code GET /v1/events}.
 *
 * @param at when
 * @param kind {@code signal}, {@code limit}, {@code failure}, {@code foreign}, {@code gpu}, {@code
 *     command} or {@code job}
 * @param gpu the UUID of the card that it is about
 * @param fromWatts the limit before, where one changed
 * @param toWatts the limit after, where one changed
 * @param text one readable sentence
 */
public record NotificationBody(
    Instant at,
    String kind,
    Optional<String> gpu,
    OptionalDouble fromWatts,
    OptionalDouble toWatts,
    String text) {}
