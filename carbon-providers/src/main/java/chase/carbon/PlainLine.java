package chase.carbon;

/**
 * Text that others wrote, made fit to stand in a message: one line, of bounded length, that cannot
 * move a terminal's cursor or turn the direction of reading.
 */
public final class PlainLine {
  private static final int MAX_MESSAGE = 600;
  private static final int MAX_QUOTE = 80;

  private PlainLine() {}

  /** A whole message; of a long one the beginning and the end. */
  public static String of(String message) {
    return bounded(message, MAX_MESSAGE);
  }

  /** A word of somebody else's in a message, with its quotation marks. */
  public static String quote(String word) {
    return "'" + shown(word) + "'";
  }

  /** The same without them. */
  public static String shown(String word) {
    return bounded(word, MAX_QUOTE);
  }

  private static String bounded(String text, int max) {
    String kept =
        text.length() <= max
            ? text
            : text.substring(0, max / 2) + "..." + text.substring(text.length() - max / 2);
    StringBuilder line = new StringBuilder();
    kept.codePoints().map(c -> isPlain(c) ? c : '?').forEach(line::appendCodePoint);
    return line.toString();
  }

  private static boolean isPlain(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
