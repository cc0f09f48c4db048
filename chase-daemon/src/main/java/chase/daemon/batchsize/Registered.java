package chase.daemon.batchsize;

/**
 * A job as it is kept.
 *
 * @param created whether it was registered just now
 * @param stored the job
 */
public record Registered(boolean created, StoredStudy stored) {}
