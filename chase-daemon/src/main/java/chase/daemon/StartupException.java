package chase.daemon;

/** The daemon cannot start; the message is one line that names the offending thing. */
public final class StartupException extends Exception {
  /** A refusal for people to read. */
  public StartupException(String message) {
    super(message);
  }
}
