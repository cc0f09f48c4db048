package chase.daemon.control;

/** The control socket cannot be opened; the message is one clear line that names its path. */
public final class SocketRefused extends RuntimeException {
  SocketRefused(String message) {
    super(message);
  }
}
