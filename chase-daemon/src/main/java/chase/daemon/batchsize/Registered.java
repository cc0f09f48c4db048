package chase.daemon.batchsize;

/**
 * A job as it is kept.
 *
 * @param fresh whether it was registered just now
 * @param job the job
 */
public record Registered(boolean fresh, KnownJob job) {}
