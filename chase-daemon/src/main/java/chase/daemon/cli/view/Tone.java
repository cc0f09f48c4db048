package chase.daemon.cli.view;

/** How a state is. A colour only repeats what the words say. */
public enum Tone {
  /** No state. */
  PLAIN(""),
  /** As it should be. */
  GOOD("32"),
  /** Worth knowing. */
  NOTE("33"),
  /** To be looked at. */
  BAD("31");

  private final String code;

  Tone(String code) {
    this.code = code;
  }

  /** {@code text} in its colour, as ANSI's terminals show it; blanks around it stay as they are. */
  String paint(String text) {
    String word = text.strip();
    if (this == PLAIN || word.isEmpty()) {
      return text;
    }
    int start = text.indexOf(word);
    return text.substring(0, start)
        + "\u001b["
        + code
        + "m"
        + word
        + "\u001b[0m"
        + text.substring(start + word.length());
  }
}
