package chase.daemon.bus;

/** A command was accepted, but a GPU did not do what it asks; the message says which and why. */
public final class CommandFailed extends RuntimeException {
  /** A failure with one readable line. */
  public CommandFailed(String message) {
    super(message);
  }
}
