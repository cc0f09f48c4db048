package chase.daemon.ledger;

/** The ledger cannot answer; the message says why, in one line. */
public final class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why it cannot. */
  public enum Kind {
    /** The query is about a job that was never known. */
    UNKNOWN_JOB,
    /** The query is about a GPU that was never known. */
    UNKNOWN_GPU,
    /** No ledger is kept, or it cannot be read now. */
    UNAVAILABLE
  }

  private final Kind kind;

  private LedgerException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static LedgerException unknown(Kind kind, String name) {
    String what = kind == Kind.UNKNOWN_JOB ? "job" : "GPU";
    return new LedgerException(kind, "no %s '%s' is known here".formatted(what, name));
  }

  static LedgerException unavailable(String message) {
    return new LedgerException(Kind.UNAVAILABLE, message);
  }

  /** Why it cannot. */
  public Kind kind() {
    return kind;
  }
}
