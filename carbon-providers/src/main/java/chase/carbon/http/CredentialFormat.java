package chase.carbon.http;

/** Checks on what is kept secret, whose messages name the place of a fault but never the text. */
public final class CredentialFormat {
  private CredentialFormat() {}

  /**
   * The token itself, fit for a header: visible ASCII only.
   *
   * @param what how the message calls it, such as {@code electricity-maps token}
   * @throws IllegalArgumentException when it is empty or holds anything else, such as a line break
   */
  public static String token(String what, String value) {
    return checked(what, value, '!', '~');
  }

  /**
   * The password or user name itself: any text without control characters (RFC 7617, section 2).
   *
   * @param what how the message calls it
   * @throws IllegalArgumentException when it is empty or holds a control character
   */
  public static String password(String what, String value) {
    return checked(what, value, ' ', Character.MAX_VALUE);
  }

  private static String checked(String what, String value, char lowest, char highest) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(what + ": is empty");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < lowest || c > highest || Character.isISOControl(c)) {
        throw new IllegalArgumentException(
            what + ": character " + (i + 1) + " is " + kind(c) + ", which is not allowed there");
      }
    }
    return value;
  }

  private static String kind(char c) {
    return switch (c) {
      case '\n', '\r' -> "a line break";
      case ' ', '\t' -> "a blank";
      default -> Character.isISOControl(c) ? "a control character" : "not ASCII";
    };
  }
}
