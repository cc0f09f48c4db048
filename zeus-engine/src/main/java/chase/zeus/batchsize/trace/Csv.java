package chase.zeus.batchsize.trace;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The lines of a table with a header; errors have the form {@code NAME:LINE: what is wrong}. */
final class Csv {
  private final String source;
  private final List<String> header;
  private final List<Row> rows;

  private Csv(String source, List<String> header, List<Row> rows) {
    this.source = source;
    this.header = header;
    this.rows = rows;
  }

  /**
   * The rows of {@code text}, whose lines may end in LF or CRLF. A mark of its encoding, blank
   * lines and commas at the end of a line do not matter.
   *
   * @param columns those that there must be, in any order; others may be there
   * @throws IllegalArgumentException that names the line
   */
  static Csv parse(String source, List<String> columns, String text) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<String> lines = plain.lines().toList();
    List<String> header =
        lines.isEmpty()
            ? List.of()
            : List.of(lines.getFirst().strip().replaceFirst(",+$", "").split(",", -1));
    Csv table = new Csv(source, header, new ArrayList<>());
    for (String column : columns) {
      if (!header.contains(column)) {
        throw table.wrong(1, "the header has no column " + column);
      }
    }
    for (int line = 2; line <= lines.size(); line++) {
      if (lines.get(line - 1).isBlank()) {
        continue;
      }
      List<String> cells = List.of(lines.get(line - 1).split(",", -1));
      while (cells.size() > header.size() && cells.getLast().isBlank()) {
        cells = cells.subList(0, cells.size() - 1);
      }
      if (cells.size() != header.size()) {
        throw table.wrong(line, "expected " + header.size() + " columns, found " + cells.size());
      }
      table.rows.add(table.new Row(line, cells));
    }
    if (table.rows.isEmpty()) {
      throw table.wrong(2, "no rows follow the header");
    }
    return table;
  }

  List<Row> rows() {
    return rows;
  }

  private IllegalArgumentException wrong(int line, String what) {
    return new IllegalArgumentException(source + ":" + line + ": " + what);
  }

  /** One line. */
  final class Row {
    private final int line;
    private final List<String> cells;

    private Row(int line, List<String> cells) {
      this.line = line;
      this.cells = cells;
    }

    /** The cell of a column. */
    String text(String column) {
      return cells.get(header.indexOf(column)).strip();
    }

    /** A number of any size and sign; BigDecimal, because Double also reads {@code NaN}. */
    double number(String column) {
      try {
        double number = new BigDecimal(text(column)).doubleValue();
        if (Double.isFinite(number)) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw wrong(line, column + " is not a number: '" + text(column) + "'");
      }
      throw wrong(line, column + " is too large: " + text(column));
    }

    /** A number above zero. */
    double positive(String column) {
      double number = number(column);
      if (!(number > 0)) {
        throw wrong(line, column + " must be above 0: " + text(column));
      }
      return number;
    }

    /** A whole number above zero. */
    int count(String column) {
      double number = positive(column);
      if (number != Math.rint(number) || number > Integer.MAX_VALUE) {
        throw wrong(line, column + " must be a whole number: " + text(column));
      }
      return (int) number;
    }
  }
}
