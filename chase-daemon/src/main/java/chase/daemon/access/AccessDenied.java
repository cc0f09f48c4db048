package chase.daemon.access;

/** A request that the caller may not make; the message is a sentence for them. */
public final class AccessDenied extends RuntimeException {
  AccessDenied(String message) {
    super(message);
  }
}
