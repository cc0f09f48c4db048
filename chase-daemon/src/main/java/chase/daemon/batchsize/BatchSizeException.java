package chase.daemon.batchsize;

import chase.zeus.batchsize.StudyException;

/** A request about a recurring job that cannot be met; nothing has changed. */
public final class BatchSizeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why it cannot be met. */
  public enum BatchSizeFailure {
    /** No job of that name was registered. */
    UNKNOWN_JOB,
    /** The job has no such trial. */
    UNKNOWN_TRIAL,
    /** The trial has another batch size. */
    WRONG_BATCH_SIZE,
    /** The trial has ended. */
    STALE,
    /** A job of that name is registered, and is described otherwise. */
    DIFFERS,
    /** Carbon or price are to count, and are unknown. */
    NO_SIGNAL,
    /** One user has as many jobs as a user may have. */
    TOO_MANY,
    /** A quota is reached, or the database may not become larger. */
    NO_ROOM,
    /** The database cannot be used now. */
    UNAVAILABLE
  }

  private final BatchSizeFailure kind;

  BatchSizeException(BatchSizeFailure kind, String message) {
    super(message);
    this.kind = kind;
  }

  static BatchSizeException of(StudyException refused) {
    BatchSizeFailure kind =
        switch (refused.kind()) {
          case UNKNOWN_TRIAL -> BatchSizeFailure.UNKNOWN_TRIAL;
          case WRONG_BATCH_SIZE -> BatchSizeFailure.WRONG_BATCH_SIZE;
          case ENDED, STALE -> BatchSizeFailure.STALE;
        };
    return new BatchSizeException(kind, String.valueOf(refused.getMessage()));
  }

  static BatchSizeException unknownJob(String name) {
    return new BatchSizeException(
        BatchSizeFailure.UNKNOWN_JOB, "no recurring job is called '%s'".formatted(name));
  }

  /** Why it cannot be met. */
  public BatchSizeFailure kind() {
    return kind;
  }
}
