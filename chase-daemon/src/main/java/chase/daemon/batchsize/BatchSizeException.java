package chase.daemon.batchsize;

import chase.zeus.batchsize.StudyException;

/** A request about a recurring job that cannot be done; nothing has changed. */
public final class BatchSizeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is in the way. */
  public enum Kind {
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
    /** Carbon or price are to count, and nobody knows them. */
    NO_SIGNAL,
    /** As many are kept as there may be, or the database may not become larger. */
    NO_ROOM
  }

  private final Kind kind;

  BatchSizeException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static BatchSizeException of(StudyException refused) {
    Kind kind =
        switch (refused.kind()) {
          case UNKNOWN_TRIAL -> Kind.UNKNOWN_TRIAL;
          case WRONG_BATCH_SIZE -> Kind.WRONG_BATCH_SIZE;
          case ENDED, STALE -> Kind.STALE;
        };
    return new BatchSizeException(kind, String.valueOf(refused.getMessage()));
  }

  static BatchSizeException unknownJob(String name) {
    return new BatchSizeException(
        Kind.UNKNOWN_JOB, "no recurring job is called '%s'".formatted(name));
  }

  /** What is in the way. */
  public Kind kind() {
    return kind;
  }
}
