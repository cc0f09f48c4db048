package chase.daemon.faults;

import chase.daemon.fixtures.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What a part of the fault suite found, as a table. It is printed with its seed; the full form,
 * {@code mvn -Pfaults verify}, also writes it between the part's marks in {@code docs/faults.md}.
 */
public final class FaultTable {
  private static final boolean FULL = "full".equals(System.getProperty("chase.faults"));
  private static final long SEED = Long.getLong("chase.seed", new Random().nextInt(1_000_000));

  private final String part;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param part the name of the marks in {@code docs/faults.md}, such as {@code kills}
   * @param columns the headings
   */
  public FaultTable(String part, String... columns) {
    this.part = part;
    rows.add(List.of(columns));
  }

  /** How often something is tried: {@code brief} with all other tests, {@code full} when asked. */
  public static int count(int brief, int full) {
    return FULL ? full : brief;
  }

  /** The seed of this run: {@code -Dchase.seed=}, or a new one. */
  public static long seed() {
    return SEED;
  }

  /** One more row, with a cell for each column. */
  public void add(Object... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for the columns " + rows.getFirst());
    }
    rows.add(Arrays.stream(cells).map(String::valueOf).toList());
  }

  /** Prints the table, and writes it where this is the full form. Call it before any assertion. */
  public void publish() {
    String text = (FULL ? "Full form" : "Short form") + ", seed " + SEED + ".\n\n" + markdown();
    System.out.println("== " + part + "\n" + text);
    if (FULL) {
      write(Repository.root().resolve("docs/faults.md"), text);
    }
  }

  private String markdown() {
    return line(rows.getFirst())
        + line(rows.getFirst().stream().map(column -> "---").toList())
        + rows.stream().skip(1).map(FaultTable::line).collect(Collectors.joining());
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private void write(Path page, String text) {
    String before = "<!-- " + part + " -->";
    String after = "<!-- /" + part + " -->";
    String old = Repository.text(page);
    int start = old.indexOf(before);
    int end = old.indexOf(after);
    if (start < 0 || end < start) {
      throw new IllegalStateException(page + " has no marks of the part " + part);
    }
    try {
      Files.writeString(page, old.substring(0, start) + before + "\n" + text + old.substring(end));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
