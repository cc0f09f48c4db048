package chase.daemon.ledger;

/** Somebody asked for a job or GPU that the ledger never knew. */
public final class LedgerException extends RuntimeException {
  /** What was asked for. */
  public enum What {
    /** A job. */
    JOB,
    /** A GPU. */
    GPU
  }

  private final What what;

  LedgerException(What what, String name) {
    super("no %s '%s' is known here".formatted(what == What.JOB ? "job" : "GPU", name));
    this.what = what;
  }

  /** What it was. */
  public What what() {
    return what;
  }
}
