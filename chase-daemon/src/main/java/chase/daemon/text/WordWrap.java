package chase.daemon.text;

/** Long lines as several that fit a terminal; a pure function. */
public final class WordWrap {
  private WordWrap() {}

  /**
   * {@code line} in lines of {@code width} characters at most, as far as its words allow; all but
   * the first begin with {@code indent} spaces. Spaces at its beginning and between its words stay.
   */
  public static String wrap(String line, int width, int indent) {
    StringBuilder wrapped = new StringBuilder();
    String rest = line;
    while (rest.length() > width) {
      int first = firstWord(rest);
      int end = rest.lastIndexOf(' ', width);
      // A percent sign stays with its number.
      while (end > first && rest.startsWith(" %", end)) {
        end = rest.lastIndexOf(' ', end - 1);
      }
      if (end <= first) {
        end = rest.indexOf(' ', first + 1);
      }
      if (end < 0) {
        break;
      }
      wrapped.append(rest.substring(0, end).stripTrailing()).append(System.lineSeparator());
      rest = " ".repeat(indent) + rest.substring(end).stripLeading();
    }
    return wrapped.append(rest).toString();
  }

  private static int firstWord(String text) {
    return text.length() - text.stripLeading().length();
  }
}
