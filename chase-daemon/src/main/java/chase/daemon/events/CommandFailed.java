package chase.daemon.events;

/** A command was accepted, but a GPU did not do what it asks; the message says which and why. */
public final class CommandFailed extends RuntimeException {
  private final boolean refused;

  /**
   * A failure with one readable line.
   *
   * @param refused whether a GPU or the system refused it, so that the same would fail again
   */
  public CommandFailed(String message, boolean refused) {
    super(message);
    this.refused = refused;
  }

  /** Whether a GPU or the system refused it, so that the same would fail again. */
  public boolean refused() {
    return refused;
  }
}
