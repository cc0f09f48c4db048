package chase.carbon;

import chase.carbon.fallback.FallbackLevel;
import java.time.Instant;
import java.util.Optional;

/**
 * A chain fell back, or came up again, or another provider took over.
 *
 * @param from the level before; empty for the first
 * @param to the level from now on
 * @param at when
 * @param message the same for people
 */
public record LevelChange(
    Optional<FallbackLevel> from, FallbackLevel to, Instant at, String message) {}
