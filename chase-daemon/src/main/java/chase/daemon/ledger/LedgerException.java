package chase.daemon.ledger;

/** The ledger cannot answer; the message says why, in one line. */
public final class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why it cannot. */
  public enum LedgerFailure {
    /** The query is about a job that was never known. */
    UNKNOWN_JOB,
    /** The query is about a GPU that was never known. */
    UNKNOWN_GPU,
    /** No ledger is kept, or it cannot be read now. */
    UNAVAILABLE
  }

  private final LedgerFailure kind;

  private LedgerException(LedgerFailure kind, String message) {
    super(message);
    this.kind = kind;
  }

  static LedgerException unknown(LedgerFailure kind, String name) {
    String what = kind == LedgerFailure.UNKNOWN_JOB ? "job" : "GPU";
    return new LedgerException(kind, "no %s '%s' is known here".formatted(what, name));
  }

  static LedgerException unavailable(String message) {
    return new LedgerException(LedgerFailure.UNAVAILABLE, message);
  }

  /** Why it cannot. */
  public LedgerFailure kind() {
    return kind;
  }
}
