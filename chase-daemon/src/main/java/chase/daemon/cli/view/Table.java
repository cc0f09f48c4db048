package chase.daemon.cli.view;

import chase.daemon.text.Numbers;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.Styler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Aligned columns under a header, never wider than asked for: cells that may be cut are cut, and
 * then columns are dropped from the right, but for those that are kept.
 *
 * @param columns names and alignment
 * @param rows one cell for each column
 */
public record Table(List<Column> columns, List<List<Cell>> rows) {
  private static final int BETWEEN = 2;

  /** Wide enough for every table. */
  public static final int UNBOUNDED = 100_000;

  /** Of a column whose cells are never cut. */
  private static final int WHOLE = Integer.MAX_VALUE;

  /** Where a cell that is too long loses its letters. */
  private enum Cut {
    END,
    MIDDLE
  }

  /**
   * One column.
   *
   * @param name the header, with the unit of what stands below
   * @param right whether cells are aligned to the right
   * @param least how many letters are left when its cells are cut
   * @param kept whether it outlives columns that stand left of it
   */
  public record Column(String name, boolean right, int least, Cut cut, boolean kept) {
    /** The same with cells that may be cut to {@code letters}. */
    public Column cutTo(int letters) {
      return new Column(name, right, letters, Cut.END, kept);
    }

    /** The same with cells that lose what is in their middle, as identifiers that begin alike. */
    public Column cutInside(int letters) {
      return new Column(name, right, letters, Cut.MIDDLE, kept);
    }

    /** The same, dropped after all others. */
    public Column keep() {
      return new Column(name, right, least, cut, true);
    }

    private boolean yields() {
      return least != WHOLE;
    }

    private String shortened(String text, int width, String ellipsis) {
      return cut == Cut.END
          ? TextLines.cut(text, width, ellipsis)
          : TextLines.cutInside(text, width, ellipsis);
    }
  }

  /**
   * One cell.
   *
   * @param text what it shows
   * @param tone how it is, where it shows a state
   */
  public record Cell(String text, Tone tone) {
    /** One that shows no state. */
    public static Cell plain(String text) {
      return new Cell(text, Tone.PLAIN);
    }
  }

  /** A column of words. */
  public static Column text(String name) {
    return new Column(name, false, WHOLE, Cut.END, false);
  }

  /** A column of numbers. */
  public static Column number(String name) {
    return new Column(name, true, WHOLE, Cut.END, false);
  }

  /** At most one decimal; {@code -} for what is unknown. */
  public static String cell(Optional<Double> value) {
    return cell(value, Numbers::oneDecimal);
  }

  /** {@code value} as {@code format} writes it; {@code -} for what is unknown. */
  public static String cell(Optional<Double> value, DoubleFunction<String> format) {
    return value.isPresent() ? format.apply(value.get()) : "-";
  }

  /** A table of cells without states. */
  public static Table of(List<Column> columns, List<List<String>> rows) {
    return new Table(
        columns, rows.stream().map(row -> row.stream().map(Cell::plain).toList()).toList());
  }

  /** Lines without trailing blanks, the header first, of at most the layout's width. */
  public String render(TextLayout layout) {
    Table shown = clean(layout.headers()).fitted(layout.width(), layout.ellipsis());
    String table =
        AsciiTable.builder()
            .border(AsciiTable.NO_BORDERS)
            .styler(shown.styler(layout))
            .data(
                shown.columns.stream()
                    .map(column -> shown(column, layout.headers()))
                    .toArray(com.github.freva.asciitable.Column[]::new),
                shown.rows.stream()
                    .map(row -> row.stream().map(Cell::text).toArray())
                    .toArray(Object[][]::new))
            .asString();
    // A cell comes with a blank on either side.
    return table
        .lines()
        .map(line -> TextLines.withoutFillers(line.substring(1).stripTrailing()))
        .map(line -> layout.color() ? line : TextLines.cut(line, layout.width(), layout.ellipsis()))
        .collect(Collectors.joining("\n"));
  }

  private Table clean(boolean headers) {
    return new Table(
        columns.stream()
            .map(column ->
                headers
                    ? column
                    : new Column("", column.right, column.least, column.cut, column.kept))
            .toList(),
        rows.stream()
            .map(row ->
                row.stream()
                    .map(cell -> new Cell(TextLines.clean(cell.text()), cell.tone()))
                    .toList())
            .toList());
  }

  /** The widest table of these columns that fits; one column is always left. */
  private Table fitted(int width, String ellipsis) {
    Table table = this;
    while (table.leastWidth() > width && table.columns.size() > 1) {
      table = table.without(table.firstToGo());
    }
    return table.cutTo(width, ellipsis);
  }

  /** The rightmost that is not kept; where all are, the rightmost but the first. */
  private int firstToGo() {
    return IntStream.range(1, columns.size())
        .filter(at -> !columns.get(at).kept())
        .max()
        .orElse(columns.size() - 1);
  }

  private Table without(int gone) {
    return new Table(without(columns, gone), rows.stream().map(row -> without(row, gone)).toList());
  }

  private static <T> List<T> without(List<T> all, int gone) {
    List<T> rest = new ArrayList<>(all);
    rest.remove(gone);
    return rest;
  }

  private int leastWidth() {
    return IntStream.range(0, columns.size())
            .map(at ->
                Math.min(
                    width(at), Math.max(columns.get(at).least(), columns.get(at).name().length())))
            .sum()
        + BETWEEN * (columns.size() - 1);
  }

  private int width(int column) {
    return Math.max(
        columns.get(column).name().length(),
        rows.stream().mapToInt(row -> TextLines.width(row.get(column).text())).max().orElse(0));
  }

  /** Cuts the columns that may be cut, those that are kept last, until the table fits. */
  private Table cutTo(int width, String ellipsis) {
    int[] widths = IntStream.range(0, columns.size()).map(this::width).toArray();
    int excess = IntStream.of(widths).sum() + BETWEEN * (columns.size() - 1) - width;
    List<Integer> yielding =
        IntStream.range(0, columns.size())
            .filter(at -> columns.get(at).yields())
            .boxed()
            .sorted(Comparator.comparing(at -> columns.get(at).kept()))
            .toList();
    for (int at : yielding) {
      int least = Math.max(columns.get(at).least(), columns.get(at).name().length());
      int given = Math.clamp(widths[at] - least, 0, Math.max(0, excess));
      widths[at] -= given;
      excess -= given;
    }
    List<List<Cell>> cut =
        rows.stream()
            .map(row ->
                IntStream.range(0, row.size())
                    .mapToObj(at ->
                        new Cell(
                            TextLines.withFillers(
                                columns
                                    .get(at)
                                    .shortened(row.get(at).text(), widths[at], ellipsis)),
                            row.get(at).tone()))
                    .toList())
            .toList();
    return new Table(columns, cut);
  }

  private static com.github.freva.asciitable.Column shown(Column column, boolean headers) {
    HorizontalAlign side = column.right() ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
    var shown =
        new com.github.freva.asciitable.Column()
            .headerAlign(side)
            .dataAlign(side)
            .maxWidth(Integer.MAX_VALUE);
    return headers ? shown.header(column.name()) : shown;
  }

  private Styler styler(TextLayout layout) {
    return new Styler() {
      @Override
      public List<String> styleCell(
          com.github.freva.asciitable.Column column, int row, int at, List<String> lines) {
        Tone tone = rows.get(row).get(at).tone();
        return lines.stream().map(line -> layout.paint(tone, line)).toList();
      }
    };
  }
}
