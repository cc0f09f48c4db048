package chase.daemon.gpu;

/** The state directory cannot be used; the message is one line that names the path. */
public final class StateException extends Exception {
  /** A refusal for people to read. */
  public StateException(String message) {
    super(message);
  }
}
