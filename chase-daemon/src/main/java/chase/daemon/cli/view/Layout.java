package chase.daemon.cli.view;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How one answer is laid out.
 *
 * @param width columns; no line is longer
 * @param color whether states are coloured
 * @param unicode whether more than ASCII may be printed
 * @param times the reader's zone and moment
 * @param columns which columns a table shows
 * @param headers whether a table has a header
 */
public record Layout(
    int width,
    boolean color,
    boolean unicode,
    LocalTimes times,
    ColumnChoice columns,
    boolean headers) {

  /** What fits {@code terminal} now. */
  public static Layout of(Terminal terminal, ColumnChoice columns, boolean headers) {
    Clock clock = terminal.clock();
    return new Layout(
        terminal.width(),
        terminal.color(),
        terminal.unicode(),
        new LocalTimes(clock.getZone(), clock.instant()),
        columns,
        headers);
  }

  /** The same for tables that may be as wide as they are. */
  public Layout unbounded() {
    return new Layout(Table.UNBOUNDED, color, unicode, times, columns, headers);
  }

  /** A moment: the clock's time, and the date where it is not today. */
  public String time(Instant at) {
    return times.time(at);
  }

  /** What stands for letters that were cut. */
  String ellipsis() {
    return unicode ? "…" : "..";
  }

  /** {@code text} in the colour of {@code tone}, where there is colour. */
  public String paint(Tone tone, String text) {
    return color ? tone.paint(text) : text;
  }

  /** Sentences with local times, wrapped between words. */
  public String sentences(String text) {
    return text.lines()
        .flatMap(line -> lines(line, 0).stream())
        .collect(Collectors.joining("\n"));
  }

  /** A name and what is known by it, wrapped beside the name. */
  public String fact(String name, String fact, int nameWidth) {
    return String.join("\n", lines(name + " ".repeat(nameWidth - name.length()) + fact, nameWidth));
  }

  private List<String> lines(String text, int indent) {
    return TextLines.wrap(TextLines.clean(times.localized(text)), width, indent);
  }
}
