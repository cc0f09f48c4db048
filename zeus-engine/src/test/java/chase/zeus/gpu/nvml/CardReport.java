package chase.zeus.gpu.nvml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was seen of a card: phrases for its row in docs/cards.md, and the details below the table.
 */
final class CardReport {
  /** The tests' fake driver says so by its version; no real one is so high. */
  private static final String FAKE_VERSION = "999.";

  private final String card;
  private final String driver;
  private final String date;
  private final List<String> phrases = new ArrayList<>();
  private final StringBuilder details = new StringBuilder();
  private int faults;

  CardReport(String model, String driver, String date) {
    boolean fake = driver.startsWith(FAKE_VERSION);
    this.card = fake ? "no card (" + model + " of the tests' fake driver)" : model;
    this.driver = driver;
    this.date = date;
  }

  /** Text with numbers as a machine writes them. */
  @SuppressWarnings("AnnotateFormatMethod") // no annotations of Error Prone here
  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** A phrase of the row. */
  void phrase(String text) {
    phrases.add(text);
  }

  /** A phrase of the row about what is not as Chase expects it. */
  void fault(String text) {
    faults++;
    phrases.add("**" + text + "**");
  }

  /** How many faults there are. */
  int faults() {
    return faults;
  }

  /** A subject of the details. */
  void section(String title) {
    details.append(System.lineSeparator()).append("**").append(title).append("**\n\n");
  }

  /** A line of the details. */
  void line(String text, Object... values) {
    details.append(text(text, values)).append('\n');
  }

  /** The head of a table of the details. */
  void table(String... columns) {
    row((Object[]) columns);
    details.append("|---".repeat(columns.length)).append("|\n");
  }

  /** A row of the table that was begun last. */
  void row(Object... cells) {
    for (Object cell : cells) {
      details.append("| ").append(cell).append(' ');
    }
    details.append("|\n");
  }

  /** The row under the head that docs/cards.md has, then the details. */
  String markdown() {
    return text(
        """
        | card | driver | date | what was seen |
        |---|---|---|---|
        | %s | %s | %s | %s |

        ### %s, driver %s, %s
        %s\
        """,
        card, driver, date, String.join("; ", phrases), card, driver, date, details.toString());
  }
}
