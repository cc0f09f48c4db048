package chase.zeus.profile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of comma-separated values with a header: the one CSV reader of this module. Lines may end
 * in LF or CRLF; a byte order mark, blanks around cells, and surplus empty cells at the end of a
 * line do not matter. Errors have the form {@code NAME:LINE: what is wrong}.
 */
public final class CsvTable {
  private static final int MAX_ERROR = 160;

  private final String source;
  private final List<String> header;
  private final List<Row> rows = new ArrayList<>();

  private CsvTable(String source, List<String> header) {
    this.source = source;
    this.header = header;
  }

  /**
   * The table in {@code text}. Its cells are checked when they are read.
   *
   * @param source what errors call the text, such as its file's name
   */
  public static CsvTable parse(String source, String text) {
    List<String> lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    CsvTable table = new CsvTable(source, lines.isEmpty() ? List.of() : cells(lines.getFirst(), 0));
    for (int line = 2; line <= lines.size(); line++) {
      table.rows.add(table.new Row(line, cells(lines.get(line - 1), table.header.size())));
    }
    while (!table.rows.isEmpty() && table.rows.getLast().isBlank()) {
      table.rows.removeLast();
    }
    return table;
  }

  /** The cells of a line, without empty ones at its end that are more than {@code columns}. */
  private static List<String> cells(String line, int columns) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split(",", -1)) {
      cells.add(cell.strip());
    }
    while (cells.size() > columns && cells.getLast().isEmpty()) {
      cells.removeLast();
    }
    return cells;
  }

  /** The names of the columns, as they are written. */
  public List<String> header() {
    return List.copyOf(header);
  }

  /**
   * Refuses a header without one of these columns; others may be there, in any order.
   *
   * @throws IllegalArgumentException that names the first missing one
   */
  public void requireColumns(List<String> columns) {
    columns.forEach(this::indexOf);
  }

  private int indexOf(String column) {
    for (int i = 0; i < header.size(); i++) {
      if (header.get(i).equalsIgnoreCase(column)) {
        return i;
      }
    }
    throw error(1, "the header has no column " + column);
  }

  /** The rows after the header; blank lines at the end are none, others are blank rows. */
  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /** An error in a line; the header is line 1. */
  public IllegalArgumentException error(int line, String what) {
    return new IllegalArgumentException(source + ":" + line + ": " + plain(what));
  }

  /** What cells hold, which may be anything, made fit for a message. */
  public static String plain(String what) {
    String kept =
        what.length() <= MAX_ERROR
            ? what
            : what.substring(0, MAX_ERROR / 2)
                + "..."
                + what.substring(what.length() - MAX_ERROR / 2);
    return kept.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
  }

  /** One line after the header. */
  public final class Row {
    private final int line;
    private final List<String> cells;

    private Row(int line, List<String> cells) {
      this.line = line;
      this.cells = cells;
    }

    /** Whether nothing is written in the line. */
    public boolean isBlank() {
      return cells.stream().allMatch(String::isEmpty);
    }

    /** The cell of a column; letter case of a column's name does not matter. */
    public String text(String column) {
      if (cells.size() != header.size()) {
        throw error("expected " + header.size() + " columns, found " + cells.size());
      }
      return cells.get(indexOf(column));
    }

    /** A number of any sign; BigDecimal, because Double also reads {@code NaN} and {@code 100d}. */
    public double number(String column) {
      String cell = text(column);
      try {
        double number = new BigDecimal(cell).doubleValue();
        if (Double.isFinite(number)) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw error(column + " is not a number: '" + cell + "'");
      }
      throw error(column + " is too large: " + cell);
    }

    /** A number above zero. */
    public double positive(String column) {
      double number = number(column);
      if (!(number > 0)) {
        throw error(column + " must be above 0: " + text(column));
      }
      return number;
    }

    /** A whole number above zero. */
    public int count(String column) {
      double number = positive(column);
      if (number != Math.rint(number) || number > Integer.MAX_VALUE) {
        throw error(column + " must be a whole number: " + text(column));
      }
      return (int) number;
    }

    /** An error in this line. */
    public IllegalArgumentException error(String what) {
      return CsvTable.this.error(line, what);
    }
  }
}
