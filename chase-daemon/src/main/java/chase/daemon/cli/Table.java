package chase.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Aligned columns under a header.
 *
 * @param columns their names and sides
 * @param rows one cell for each column
 */
record Table(List<Column> columns, List<List<String>> rows) {
  private static final String GAP = "  ";

  /**
   * One column.
   *
   * @param name the header, with the unit of what stands below
   * @param right whether cells end, and do not begin, under each other
   */
  record Column(String name, boolean right) {}

  static Column text(String name) {
    return new Column(name, false);
  }

  static Column number(String name) {
    return new Column(name, true);
  }

  /** At most one decimal; {@code -} for what is unknown. */
  static String cell(OptionalDouble value) {
    return value.isPresent() ? Figure.of(value.getAsDouble()) : "-";
  }

  /** Lines without trailing blanks, the header first. */
  String render() {
    List<String> lines = new ArrayList<>();
    lines.add(line(columns.stream().map(Column::name).toList()));
    rows.forEach(row -> lines.add(line(row)));
    return String.join("\n", lines);
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String blanks = " ".repeat(width(i) - cells.get(i).length());
      line.append(columns.get(i).right() ? blanks + cells.get(i) : cells.get(i) + blanks);
      line.append(GAP);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return Math.max(
        columns.get(column).name().length(),
        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
  }
}
