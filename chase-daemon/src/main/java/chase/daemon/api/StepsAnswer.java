package chase.daemon.api;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a job is told when it reports: {@code POST /v1/jobs/ID/steps}.
 *
 * @param job its id
 * @param steps the count that was taken in
 * @param pause whether it should pause now; only ever true for a deferrable job
 * @param until when that may change though nothing happens
 * @param limitWatts the limit that each of its GPUs should have; no key while it is the one found
 */
public record StepsAnswer(
    String job, long steps, boolean pause, Optional<Instant> until, OptionalDouble limitWatts) {}
