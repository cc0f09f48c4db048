package chase.zeus.gpu;

/** A call to a GPU failed; {@link #kind()} says what the caller should do about it. */
public final class GpuException extends Exception {
  /** What the caller should do. */
  public enum Kind {
    /** A passing trouble: the same call may work later. */
    RETRY,
    /** The card or the system said no (range, rights, no such knob): do not ask the same again. */
    REFUSED,
    /** This card is gone until a reset: drop it and keep the others. */
    LOST,
    /** The driver went away under us: close and open the whole driver anew, with back-off. */
    REOPEN
  }

  private final Kind kind;
  private final boolean lacksRights;

  /** A failure with the caller's reaction and one readable line. */
  public GpuException(Kind kind, String message) {
    this(kind, message, false);
  }

  private GpuException(Kind kind, String message, boolean lacksRights) {
    super(message);
    this.kind = kind;
    this.lacksRights = lacksRights;
  }

  /** A refusal for want of the right to do it. */
  public static GpuException noPermission(String message) {
    return new GpuException(Kind.REFUSED, message, true);
  }

  /** Whether it was refused for want of the right to do it, and nothing is wrong with the wish. */
  public boolean lacksPermission() {
    return lacksRights;
  }

  /** What the caller should do. */
  public Kind kind() {
    return kind;
  }
}
