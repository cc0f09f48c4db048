package chase.zeus.gpu;

/** A call to a GPU failed; {@link #kind()} says what the caller should do about it. */
public final class GpuException extends Exception {
  /** What the caller should do. */
  public enum Kind {
    /** A temporary failure: the same call may work later. */
    RETRY,
    /**
     * The GPU or the system refuses it (range, permission, no such setting): do not repeat the
     * call.
     */
    REFUSED,
    /** This GPU is gone until a reset: drop it and keep the others. */
    LOST,
    /** The driver was unloaded while in use: close and reopen the whole driver, with back-off. */
    REOPEN
  }

  private final Kind kind;
  private final boolean lacksPermission;

  /** A failure with the caller's reaction and a one-line message. */
  public GpuException(Kind kind, String message) {
    this(kind, message, false);
  }

  private GpuException(Kind kind, String message, boolean lacksRights) {
    super(message);
    this.kind = kind;
    this.lacksPermission = lacksRights;
  }

  /** A refusal because a permission is missing. */
  public static GpuException noPermission(String message) {
    return new GpuException(Kind.REFUSED, message, true);
  }

  /** Whether it was refused only because a permission is missing; the request itself is valid. */
  public boolean lacksPermission() {
    return lacksPermission;
  }

  /** Whether GPU and driver are still there. */
  public boolean isTransient() {
    return kind == Kind.RETRY || kind == Kind.REFUSED;
  }

  /** What the caller should do. */
  public Kind kind() {
    return kind;
  }
}
