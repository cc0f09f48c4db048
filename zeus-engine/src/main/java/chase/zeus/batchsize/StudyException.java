package chase.zeus.batchsize;

/** A call that does not fit the study, which stays as it was. */
public final class StudyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What the caller got wrong. */
  public enum StudyFailure {
    /** There is no such trial. */
    UNKNOWN_TRIAL,
    /** Not the trial's batch size, or none of the study's. */
    WRONG_BATCH_SIZE,
    /** The trial has ended; its status says how. */
    ENDED,
    /** The report is older than, or contradicts, what is known of the trial. */
    STALE
  }

  private final StudyFailure kind;

  StudyException(StudyFailure kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What the caller got wrong. */
  public StudyFailure kind() {
    return kind;
  }
}
