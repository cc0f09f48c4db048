package chase.carbon.fuelmix;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.http.JsonBody;
import chase.carbon.http.ProviderResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of comma-separated values with a head (RFC 4180), as grid operators publish it. Columns
 * are found by their names, whatever their order; a cell that is blank or missing is empty.
 */
final class CsvBody {
  private final ProviderResponse response;
  private final List<String> columns;
  private final List<TableRow> rows = new ArrayList<>();

  /**
   * The table of a response.
   *
   * @throws CarbonUnavailable as {@code MALFORMED} when it is none
   */
  CsvBody(ProviderResponse response) throws CarbonUnavailable {
    this.response = response;
    List<String> lines = response.tableLines();
    this.columns = cells(lines.getFirst());
    if (columns.size() < 2) {
      throw response.unavailable(
          FailureReason.MALFORMED,
          "the answer has no head of columns, but begins: " + lines.getFirst());
    }
    lines.stream()
        .skip(1)
        .map(line -> new TableRow(response, columns, cells(line)))
        .forEach(rows::add);
  }

  /** Cells without the quotation marks and spaces around them. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int at = 0; at < line.length(); at++) {
      char character = line.charAt(at);
      if (character == '"') {
        quoted = !quoted;
      } else if (character == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(character);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  /** The names of all columns. */
  List<String> columns() {
    return List.copyOf(columns);
  }

  /**
   * The first column that is there of several names.
   *
   * @throws CarbonUnavailable as {@code MALFORMED} when none is
   */
  String column(String... names) throws CarbonUnavailable {
    for (String name : names) {
      if (columns.contains(name)) {
        return name;
      }
    }
    throw response.unavailable(
        FailureReason.MALFORMED,
        "the answer lacks the column " + names[0] + ", it has " + String.join(", ", columns));
  }

  /**
   * Reads one row.
   *
   * @param <T> what it is
   */
  interface CsvReader<T> {
    /** The row; empty where it has no value, an exception where it cannot be read. */
    Optional<T> read(TableRow row) throws CarbonUnavailable;
  }

  /**
   * What {@code reader} makes of the rows. One that cannot be read is left out and reported.
   *
   * @throws CarbonUnavailable when no row can be read, with the reason of the last
   */
  <T> List<T> read(CsvReader<T> reader) throws CarbonUnavailable {
    List<T> read = new ArrayList<>();
    Optional<CarbonUnavailable> unfit = Optional.empty();
    for (TableRow row : rows) {
      try {
        reader.read(row).ifPresent(read::add);
      } catch (CarbonUnavailable unreadable) {
        response.reportSkipped(unreadable);
        unfit = Optional.of(unreadable);
      }
    }
    if (read.isEmpty() && unfit.isPresent()) {
      throw unfit.get();
    }
    return read;
  }

  /** One line of the table. */
  static final class TableRow {
    private final ProviderResponse response;
    private final Map<String, String> cells = new HashMap<>();

    private TableRow(ProviderResponse response, List<String> columns, List<String> cells) {
      this.response = response;
      for (int place = 0; place < Math.min(columns.size(), cells.size()); place++) {
        this.cells.put(columns.get(place), cells.get(place));
      }
    }

    /** A text. */
    Optional<String> text(String column) {
      return Optional.ofNullable(cells.get(column)).filter(cell -> !cell.isEmpty());
    }

    /** A number. */
    Optional<Double> number(String column) throws CarbonUnavailable {
      Optional<String> text = text(column);
      Optional<Double> number = text.flatMap(JsonBody::plainNumber);
      if (text.isPresent() && number.isEmpty()) {
        throw unreadable(column, "a number");
      }
      return number;
    }

    /** The failure for a cell that must be there and is not, to be thrown by the caller. */
    CarbonUnavailable missing(String column) {
      return response.unavailable(FailureReason.MALFORMED, "a row lacks " + column);
    }

    /** The failure for a cell of the wrong kind, to be thrown by the caller. */
    CarbonUnavailable unreadable(String column, String wanted) {
      return response.unavailable(
          FailureReason.MALFORMED,
          column + " is " + text(column).orElse("empty") + ", which is not " + wanted);
    }
  }
}
