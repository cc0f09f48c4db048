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
public record TextLayout(
    int width,
    boolean color,
    boolean unicode,
    LocalTimes times,
    ColumnChoice columns,
    boolean headers) {

  /** Narrower than this no sentence is readable. */
  private static final int LEAST_WIDTH = 24;

  private static final int MARGIN = 2;

  /** What fits {@code terminal} now. */
  public static TextLayout of(Terminal terminal, ColumnChoice columns, boolean headers) {
    Clock clock = terminal.clock();
    return new TextLayout(
        terminal.width(),
        terminal.color(),
        terminal.unicode(),
        new LocalTimes(clock.getZone(), clock.instant()),
        columns,
        headers);
  }

  /** The same for tables that may be as wide as they are. */
  public TextLayout unbounded() {
    return new TextLayout(Table.UNBOUNDED, color, unicode, times, columns, headers);
  }

  /** A moment: the clock's time, and the date where it is not today. */
  public String time(Instant at) {
    return times.time(at);
  }

  /** What stands for letters that were cut. */
  public String ellipsis() {
    return unicode ? "…" : "..";
  }

  /** {@code text} in the colour of {@code tone}, where there is colour. */
  public String paint(Tone tone, String text) {
    return color ? tone.paint(text) : text;
  }

  /** Sentences with local times, wrapped between words. */
  public String sentences(String text) {
    return text.lines()
        .flatMap(line -> lines(line, width).stream())
        .collect(Collectors.joining("\n"));
  }

  /** Sentences with their times as they are, as those of recordings, wrapped between words. */
  public String verbatim(String text) {
    return text.lines()
        .flatMap(line -> TextLines.wrap(TextLines.clean(line), width).stream())
        .collect(Collectors.joining("\n"));
  }

  /** A name and what is known by it, wrapped beside the name; below it where that is too narrow. */
  public String fact(String name, String fact, int nameWidth) {
    String head = TextLines.clean(name) + " ".repeat(Math.max(0, nameWidth - name.length()));
    boolean beside = width - nameWidth >= LEAST_WIDTH;
    int margin = beside ? nameWidth : MARGIN;
    List<String> lines = lines(fact, width - margin);
    String first =
        beside
            ? head + lines.getFirst()
            : TextLines.cut(head.stripTrailing(), width, ellipsis())
                + "\n"
                + " ".repeat(margin)
                + lines.getFirst();
    return lines.stream()
        .skip(1)
        .map(line -> "\n" + " ".repeat(margin) + line)
        .collect(Collectors.joining("", first, ""));
  }

  private List<String> lines(String text, int columns) {
    return TextLines.wrap(TextLines.clean(times.localized(text)), columns);
  }
}
