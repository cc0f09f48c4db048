package chase.daemon.gpu;

/** The state directory cannot be used; the message is one line that names the path. */
public final class StateException extends Exception {
  private final boolean passing;

  /** A refusal for people to read, which only they can fix. */
  public StateException(String message) {
    this(message, false);
  }

  private StateException(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  /**
   * A failure that may pass without help, such as a full disk or another daemon that still stops.
   */
  public static StateException passing(String message) {
    return new StateException(message, true);
  }

  /** Whether the same may succeed later. */
  public boolean isPassing() {
    return passing;
  }
}
