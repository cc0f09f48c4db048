package chase.daemon.gpu.journal;

/** The state directory cannot be used; the message is one line that names the path. */
public final class StateException extends Exception {
  private final boolean temporary;

  /** A refusal for people to read, which only they can fix. */
  public StateException(String message) {
    this(message, false);
  }

  private StateException(String message, boolean temporary) {
    super(message);
    this.temporary = temporary;
  }

  /**
   * A failure that may pass without help, such as a full disk or another daemon that still stops.
   */
  public static StateException temporary(String message) {
    return new StateException(message, true);
  }

  /** Whether the same may succeed later. */
  public boolean isTemporary() {
    return temporary;
  }
}
