package chase.daemon.api;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/** One thing that happened, as on {@code GET /v1/events}. */
public record NotificationBody(
    Instant at,
    String kind,
    Optional<String> gpu,
    OptionalDouble fromWatts,
    OptionalDouble toWatts,
    String text) {}
