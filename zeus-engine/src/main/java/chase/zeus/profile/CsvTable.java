package chase.zeus.profile;

import java.math.BigDecimal;
import java.util.List;

/** The lines of a table of numbers; errors have the form {@code NAME:LINE: what is wrong}. */
final class CsvTable {
  private final String source;
  private final List<String> columns;
  private final List<String> lines;

  private CsvTable(String source, List<String> columns, List<String> lines) {
    this.source = source;
    this.columns = columns;
    this.lines = lines;
  }

  /**
   * The rows of {@code text}, whose lines may end in LF or CRLF. A mark of its encoding, blanks and
   * commas at the end of a line, and blank lines at its own end do not matter.
   *
   * @throws IllegalArgumentException for another header than {@code header}, or nothing after it
   */
  static CsvTable of(String source, String header, String text) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<String> lines = plain.lines().map(CsvTable::trimmed).toList();
    while (!lines.isEmpty() && lines.getLast().isEmpty()) {
      lines = lines.subList(0, lines.size() - 1);
    }
    CsvTable rows = new CsvTable(source, List.of(header.split(",", -1)), lines);
    if (lines.isEmpty() || !lines.getFirst().replace(" ", "").equalsIgnoreCase(header)) {
      throw rows.wrong(1, "the header must be " + header);
    }
    if (lines.size() == 1) {
      throw rows.wrong(2, "no power limits follow the header");
    }
    return rows;
  }

  private static String trimmed(String line) {
    return line.strip().replaceFirst("[,\\s]+$", "");
  }

  /** The last line; the first after the header is line 2. */
  int lastLine() {
    return lines.size();
  }

  /** The numbers of a line, as many as the header has columns, all finite. */
  double[] numbers(int line) {
    List<String> cells = List.of(lines.get(line - 1).split(",", -1));
    if (cells.size() != columns.size()) {
      throw wrong(line, "expected " + columns.size() + " columns, found " + cells.size());
    }
    double[] numbers = new double[cells.size()];
    for (int column = 0; column < numbers.length; column++) {
      numbers[column] = number(cells.get(column).strip(), columns.get(column), line);
    }
    return numbers;
  }

  /** Refuses a number that does not meet {@code demand}, in words. */
  void require(boolean met, int line, int column, String demand) {
    if (!met) {
      String cell = lines.get(line - 1).split(",", -1)[column].strip();
      throw wrong(line, columns.get(column) + " must be " + demand + ": " + cell);
    }
  }

  /** Refuses a first column that does not rise. */
  void requireRise(double before, double now, int line) {
    if (before >= now) {
      throw wrong(
          line,
          columns.getFirst() + " must rise from line to line, but " + now + " follows " + before);
    }
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
