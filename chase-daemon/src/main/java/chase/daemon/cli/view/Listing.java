package chase.daemon.cli.view;

import chase.daemon.cli.view.Table.Cell;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A table of things, of which the reader chooses the columns.
 *
 * @param columns in their order; those that are dropped first stand right
 */
public record Listing<T>(List<ListColumn<T>> columns) {
  /** Copies the list. */
  public Listing {
    columns = List.copyOf(columns);
  }

  /**
   * One column.
   *
   * @param key how {@code -o} calls it
   * @param shape its header and how it yields
   * @param usual whether it is shown unless asked otherwise
   * @param cell what it shows of a thing
   * @param tone how that is
   */
  public record ListColumn<T>(
      String key,
      Table.Column shape,
      boolean usual,
      BiFunction<T, TextLayout, String> cell,
      Function<T, Tone> tone) {

    /** One of words. */
    public static <T> ListColumn<T> words(String key, String header, Function<T, String> cell) {
      return of(key, Table.text(header), (thing, layout) -> cell.apply(thing));
    }

    /** One of numbers. */
    public static <T> ListColumn<T> figures(String key, String header, Function<T, String> cell) {
      return of(key, Table.number(header), (thing, layout) -> cell.apply(thing));
    }

    /** One that depends on the layout, as times do. */
    public static <T> ListColumn<T> of(
        String key, Table.Column shape, BiFunction<T, TextLayout, String> cell) {
      return new ListColumn<>(key, shape, true, cell, thing -> Tone.PLAIN);
    }

    /** The same, shown only when asked for. */
    public ListColumn<T> wide() {
      return new ListColumn<>(key, shape, false, cell, tone);
    }

    /** The same, dropped after all others. */
    public ListColumn<T> keep() {
      return new ListColumn<>(key, shape.keep(), usual, cell, tone);
    }

    /** The same with cells that may be cut to {@code letters}. */
    public ListColumn<T> cutTo(int letters) {
      return new ListColumn<>(key, shape.cutTo(letters), usual, cell, tone);
    }

    /** The same with cells that may lose their middle. */
    public ListColumn<T> cutInside(int letters) {
      return new ListColumn<>(key, shape.cutInside(letters), usual, cell, tone);
    }

    /** The same with a state. */
    public ListColumn<T> toned(Function<T, Tone> state) {
      return new ListColumn<>(key, shape, usual, cell, state);
    }
  }

  /** The names of the columns, for {@code -o}. */
  public List<String> keys() {
    return columns.stream().map(ListColumn::key).distinct().toList();
  }

  /** A row for each thing. */
  public String render(List<? extends T> things, TextLayout layout) {
    List<ListColumn<T>> shown = shown(layout.columns());
    Table table =
        new Table(
            shown.stream().map(ListColumn::shape).toList(),
            things.stream().map(thing -> row(thing, shown, layout)).toList());
    return table.render(
        layout.columns() instanceof ColumnChoice.Usual ? layout : layout.unbounded());
  }

  private List<Cell> row(T thing, List<ListColumn<T>> shown, TextLayout layout) {
    return shown.stream()
        .map(column -> new Cell(column.cell().apply(thing, layout), column.tone().apply(thing)))
        .toList();
  }

  private List<ListColumn<T>> shown(ColumnChoice choice) {
    return switch (choice) {
      case ColumnChoice.Usual usual -> columns.stream().filter(ListColumn::usual).toList();
      case ColumnChoice.All all -> columns;
      case ColumnChoice.Listed(List<String> keys) ->
          keys.stream()
              .flatMap(key -> columns.stream().filter(column -> column.key().equals(key)))
              .toList();
    };
  }
}
