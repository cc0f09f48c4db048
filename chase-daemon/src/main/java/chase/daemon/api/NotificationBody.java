package chase.daemon.api;

import java.time.Instant;
import java.util.Optional;

/** One thing that happened, as on {@code GET /v1/events}. */
public record NotificationBody(
    Instant at,
    String kind,
    Optional<String> gpu,
    Optional<Double> fromWatts,
    Optional<Double> toWatts,
    String text) {}
