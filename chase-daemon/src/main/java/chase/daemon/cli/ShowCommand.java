package chase.daemon.cli;

import chase.daemon.cli.live.Watch;
import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.Terminal;
import chase.daemon.cli.view.TextLayout;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** A command that shows something and changes nothing, once or again and again. */
abstract class ShowCommand extends DaemonCommand {
  private static final double LEAST_SECONDS = 0.1;
  private static final double MOST_SECONDS = 86_400;

  @Option(
      names = {"-w", "--watch"},
      paramLabel = "SECONDS",
      arity = "0..1",
      fallbackValue = "2",
      description = "Show it again every 2 or SECONDS s, until Ctrl-C.")
  private Optional<String> watch = Optional.empty();

  private boolean answered;

  @Override
  final int print(Function<DaemonClient, JsonNode> request, Text text) {
    if (watch.isEmpty()) {
      return super.print(request, text);
    }
    Duration pause = pause(watch.get());
    layout(); // refuses what -o says before anything is asked
    try (DaemonClient client = DaemonClient.of(spec())) {
      new Watch(ChaseCommand.terminal(spec()), out(), title(), pause, isJson())
          .run(terminal -> frame(terminal, client, request, text));
      return ChaseCommand.ExitCode.DONE;
    }
  }

  /** Only the first must succeed: a daemon that goes away may come back. */
  private Optional<String> frame(
      Terminal terminal, DaemonClient client, Function<DaemonClient, JsonNode> request, Text text) {
    try {
      JsonNode answer = request.apply(client);
      answered = true;
      return Optional.of(isJson() ? answer.toString() : text.of(client, answer, layout(terminal)));
    } catch (ChaseCommand.CommandException failure) {
      if (!answered) {
        throw failure;
      }
      return isJson()
          ? Optional.empty()
          : Optional.of(layout(terminal).sentences(failure.getMessage() + "; trying again"));
    }
  }

  private String title() {
    return String.join(" ", spec().commandLine().getParseResult().originalArgs());
  }

  private Duration pause(String text) {
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) {
        return Duration.ofMillis(Math.round(1000 * seconds));
      }
    } catch (NumberFormatException e) {
      throw usageError(
          "--watch: '%s' is no number of seconds (before a name write --watch=2)".formatted(text));
    }
    throw usageError("--watch: %s is not from 0.1 to 86400 seconds".formatted(text));
  }

  /** A command that shows a table. */
  abstract static class TableCommand extends ShowCommand {
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
