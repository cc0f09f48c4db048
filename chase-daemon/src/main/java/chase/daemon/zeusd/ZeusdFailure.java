package chase.daemon.zeusd;

/** A request that is answered with one error. */
final class ZeusdFailure extends RuntimeException {
  private final int status;
  private final boolean plain;

  private ZeusdFailure(int status, String message, boolean plain) {
    super(message);
    this.status = status;
    this.plain = plain;
  }

  /** What zeusd answers as {@code {"error":"..."}}. */
  static ZeusdFailure of(int status, String message) {
    return new ZeusdFailure(status, message, false);
  }

  /** What zeusd answers as plain text. */
  static ZeusdFailure text(int status, String message) {
    return new ZeusdFailure(status, message, true);
  }

  int status() {
    return status;
  }

  boolean plain() {
    return plain;
  }
}
