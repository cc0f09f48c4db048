package chase.zeus.policy;

import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/**
 * The limit that a card has.
 *
 * @param limit the requested limit
 * @param since when Chase last changed it; empty when it never did
 */
public record InForce(Watts limit, Optional<Instant> since) {}
