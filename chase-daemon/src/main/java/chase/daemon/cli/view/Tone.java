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

  /** {@code text} in its colour, as ANSI's terminals show it. */
  String paint(String text) {
    return this == PLAIN || text.isBlank() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
