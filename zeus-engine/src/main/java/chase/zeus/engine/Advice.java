package chase.zeus.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * What a policy says beyond a limit.
 *
 * @param pause whether the job, which declared that it may pause, should do so now
 * @param until when time alone may change the answer; empty when it does not
 */
public record Advice(boolean pause, Optional<Instant> until) {}
