package chase.daemon.text;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * Aligned columns under a header.
 *
 * @param columns names and alignment
 * @param rows one cell for each column
 */
public record Table(List<Column> columns, List<List<String>> rows) {
  /**
   * One column.
   *
   * @param name the header, with the unit of what stands below
   * @param right whether cells are aligned to the right
   */
  public record Column(String name, boolean right) {}

  /** A column of words. */
  public static Column text(String name) {
    return new Column(name, false);
  }

  /** A column of numbers. */
  public static Column number(String name) {
    return new Column(name, true);
  }

  /** At most one decimal; {@code -} for what is unknown. */
  public static String cell(Optional<Double> value) {
    return cell(value, Numbers::oneDecimal);
  }

  /** {@code value} as {@code format} writes it; {@code -} for what is unknown. */
  public static String cell(Optional<Double> value, DoubleFunction<String> format) {
    return value.isPresent() ? format.apply(value.get()) : "-";
  }

  /** Lines without trailing blanks, the header first. */
  public String render() {
    String table =
        AsciiTable.getTable(
            AsciiTable.NO_BORDERS,
            columns.stream().map(Table::shown).toArray(com.github.freva.asciitable.Column[]::new),
            rows.stream().map(List::toArray).toArray(Object[][]::new));
    // A cell comes with a blank on either side.
    return table
        .lines()
        .map(line -> line.substring(1).stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  private static com.github.freva.asciitable.Column shown(Column column) {
    HorizontalAlign side = column.right() ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
    return new com.github.freva.asciitable.Column()
        .header(column.name())
        .headerAlign(side)
        .dataAlign(side)
        .maxWidth(Integer.MAX_VALUE);
  }
}
