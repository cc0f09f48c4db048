package chase.zeus.profile;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a profile from text: the header {@code power_limit_watts,power_watts,throughput}, then a
 * line for each power limit, lowest first.
 */
public final class ProfileCsv {
  private static final String HEADER = "power_limit_watts,power_watts,throughput";
  private static final List<String> COLUMNS = List.of(HEADER.split(",", -1));

  private final String source;
  private final List<String> lines;

  private ProfileCsv(String source, String text) {
    this.source = source;
    this.lines = text.lines().toList();
  }

  /**
   * The profile in {@code text}, whose lines may end in LF or CRLF.
   *
   * @param sourceName what errors call the text, such as its file's name
   * @throws IllegalArgumentException in the form {@code NAME:LINE: what is wrong}
   */
  public static PowerProfile parse(String sourceName, String text) {
    return new ProfileCsv(sourceName, text).parse();
  }

  private PowerProfile parse() {
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw wrong(1, "the header must be " + HEADER);
    }
    if (lines.size() == 1) {
      throw wrong(2, "no power limits follow the header");
    }
    List<Point> points = new ArrayList<>();
    for (int line = 2; line <= lines.size(); line++) {
      points.add(following(points, point(line), line));
    }
    return new PowerProfile(points);
  }

  private Point point(int line) {
    List<String> cells = List.of(lines.get(line - 1).split(",", -1));
    if (cells.size() != COLUMNS.size()) {
      throw wrong(line, "expected " + COLUMNS.size() + " columns, found " + cells.size());
    }
    return new Point(
        new Watts(number(cells, 0, line)),
        new Watts(number(cells, 1, line)),
        number(cells, 2, line));
  }

  private Point following(List<Point> points, Point point, int line) {
    if (!points.isEmpty() && points.getLast().limit().compareTo(point.limit()) >= 0) {
      throw wrong(
          line,
          COLUMNS.getFirst()
              + " must rise from line to line, but "
              + point.limit().value()
              + " follows "
              + points.getLast().limit().value());
    }
    return point;
  }

  private double number(List<String> cells, int column, int line) {
    String cell = cells.get(column).strip();
    double number = number(cell, COLUMNS.get(column), line);
    if (!(number > 0) || Double.isInfinite(number)) {
      throw wrong(line, COLUMNS.get(column) + " must be finite and above 0: " + cell);
    }
    return number;
  }

  /** BigDecimal, because {@link Double#parseDouble} also reads {@code NaN} and {@code 100d}. */
  private double number(String cell, String column, int line) {
    try {
      return new BigDecimal(cell).doubleValue();
    } catch (NumberFormatException e) {
      throw wrong(line, column + " is not a number: '" + cell + "'");
    }
  }

  private IllegalArgumentException wrong(int line, String what) {
    return new IllegalArgumentException(source + ":" + line + ": " + what);
  }
}
