package chase.daemon.control;

/** The control socket cannot be opened; the message is one clear line that names its path. */
public final class SocketRefused extends RuntimeException {
  private final boolean passing;

  /** A refusal that only another path, or somebody's hand, mends. */
  SocketRefused(String message) {
    this(message, false);
  }

  private SocketRefused(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  /** Trouble that may pass by itself, such as a daemon that still stops. */
  static SocketRefused temporary(String message) {
    return new SocketRefused(message, true);
  }

  /** Whether the same may succeed later. */
  public boolean isTemporary() {
    return passing;
  }
}
