package chase.daemon.cli;

import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.Terminal;
import chase.daemon.cli.view.TextLayout;
import java.util.List;
import picocli.CommandLine.Option;

/** A command that shows a table. */
abstract class TableCommand extends ShowCommand {
  private final List<String> columns;

  @Option(names = "--no-headers", description = "Print the rows of the table alone.")
  private boolean withoutHeaders;

  /** One of which {@code -o} may name {@code columns}. */
  TableCommand(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  @Override
  final List<String> columns() {
    return columns;
  }

  @Override
  TextLayout layout(Terminal terminal) {
    return TextLayout.of(terminal, choice(), !withoutHeaders);
  }

  /** The columns that are shown. */
  ColumnChoice choice() {
    return output().columns(columns);
  }

  /** A command that lists things, each of which has a name. */
  abstract static class ListCommand extends TableCommand {
    private final String name;

    @Option(
        names = {"-q", "--quiet"},
        description = "Print the names alone, one a line.")
    private boolean quiet;

    /**
     * One of which {@code -o} may name {@code columns}.
     *
     * @param name the column that other commands take
     */
    ListCommand(List<String> columns, String name) {
      super(columns);
      this.name = name;
    }

    @Override
    final TextLayout layout(Terminal terminal) {
      return quiet ? TextLayout.of(terminal, choice(), false) : super.layout(terminal);
    }

    @Override
    final ColumnChoice choice() {
      ColumnChoice asked = super.choice();
      return quiet ? new ColumnChoice.Listed(List.of(name)) : asked;
    }
  }
}
