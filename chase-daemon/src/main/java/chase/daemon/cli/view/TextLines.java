package chase.daemon.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jline.utils.WCWidth;

/** Text in lines of a terminal, of which every column holds a letter, or half of a wide one. */
public final class TextLines {
  /** No letter before this one is wide; the tables of the others need not be loaded. */
  private static final int FIRST_WIDE = 0x1100;

  /** Follows a letter that takes two columns but counts as one; not a character. */
  private static final char FILLER = '\uffff';

  /** A number and its unit stay in one line. */
  private static final Pattern BEFORE_UNIT =
      Pattern.compile("(?<=\\d) (?=(?:W|%|s|min|h|d|kWh|kJ|Wh|gCO2/kWh|more|ago)\\b|%)");

  private static final char UNBROKEN = '\u00a0';

  private TextLines() {}

  /** How many columns {@code text} takes. */
  public static int width(String text) {
    return text.codePoints().map(TextLines::width).sum();
  }

  private static int width(int letter) {
    return letter < FIRST_WIDE ? 1 : Math.max(0, WCWidth.wcwidth(letter));
  }

  /** What others chose as a name must not move the cursor: control characters become blanks. */
  public static String clean(String text) {
    boolean harmless = text.chars().noneMatch(letter -> isControl((char) letter));
    if (harmless) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.chars().forEach(letter -> clean.append(isControl((char) letter) ? ' ' : (char) letter));
    return clean.toString();
  }

  /** C0, C1, the marks that reverse a line, and our filler. */
  private static boolean isControl(char letter) {
    return Character.isISOControl(letter)
        || (letter >= '\u202a' && letter <= '\u202e')
        || (letter >= '\u2066' && letter <= '\u2069')
        || letter == FILLER;
  }

  /** The start of {@code text}, with {@code ellipsis} where it is more than {@code columns}. */
  public static String cut(String text, int columns, String ellipsis) {
    return width(text) <= columns
        ? text
        : start(text, columns - ellipsis.length()).stripTrailing()
            + start(ellipsis, Math.max(0, columns));
  }

  /** Start and end of {@code text}, with {@code ellipsis} between them where it is too long. */
  static String cutInside(String text, int columns, String ellipsis) {
    if (width(text) <= columns) {
      return text;
    }
    int room = Math.max(0, columns - ellipsis.length());
    String end = text.substring(Math.max(0, text.length() - room / 2));
    return start(text, room - width(end)) + ellipsis + end;
  }

  private static String start(String text, int columns) {
    int taken = 0;
    int at = 0;
    while (at < text.length()) {
      int letter = text.codePointAt(at);
      taken += width(letter);
      if (taken > columns) {
        break;
      }
      at += Character.charCount(letter);
    }
    return text.substring(0, at);
  }

  /** {@code text} as long as it is wide, for who counts letters. */
  static String withFillers(String text) {
    if (text.chars().allMatch(letter -> letter < FIRST_WIDE)) {
      return text;
    }
    StringBuilder filled = new StringBuilder();
    text.codePoints()
        .forEach(letter -> {
          filled.appendCodePoint(letter);
          if (width(letter) > Character.charCount(letter)) {
            filled.append(FILLER);
          }
        });
    return filled.toString();
  }

  static String withoutFillers(String text) {
    return text.indexOf(FILLER) < 0 ? text : text.replace(String.valueOf(FILLER), "");
  }

  /**
   * {@code text} in lines of at most {@code columns}, broken between words; a word that is longer
   * is broken itself.
   */
  public static List<String> wrap(String text, int columns) {
    List<String> lines = new ArrayList<>();
    int room = Math.max(1, columns);
    String line = "";
    for (String word :
        BEFORE_UNIT.matcher(text).replaceAll(String.valueOf(UNBROKEN)).split(" ", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (width(longer) <= room) {
        line = longer;
        continue;
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
      line = word;
      while (width(line) > room) {
        String start = start(line, room);
        lines.add(start);
        line = line.substring(start.length());
      }
    }
    lines.add(line);
    return lines.stream().map(one -> one.replace(UNBROKEN, ' ').stripTrailing()).toList();
  }
}
