package chase.daemon.cli;

import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.Terminal;
import chase.daemon.cli.view.TextLayout;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** A command that sends one request to the daemon and prints the answer. */
abstract class DaemonCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private OutputOptions output = new OutputOptions();

  /** Turns an answer into text. */
  interface Text {
    /** {@code answer}, read by {@code client}, as {@code layout} wants it. */
    String of(DaemonClient client, JsonNode answer, TextLayout layout);
  }

  /** Prints the answer to {@code request}: as it came with {@code --json}, else as sentences. */
  final <T> int print(
      Function<DaemonClient, JsonNode> request, Class<T> type, Function<T, String> sentences) {
    return print(request, type, (answer, layout) -> layout.sentences(sentences.apply(answer)));
  }

  /** The same for text that depends on the layout. */
  final <T> int print(
      Function<DaemonClient, JsonNode> request,
      Class<T> type,
      BiFunction<T, TextLayout, String> text) {
    return print(
        request, (client, answer, layout) -> text.apply(client.body(answer, type), layout));
  }

  /** The same for an answer that may have different types. */
  int print(Function<DaemonClient, JsonNode> request, Text text) {
    TextLayout layout = layout(); // refuses what -o says before anything is asked or changed
    try (DaemonClient client = DaemonClient.of(spec)) {
      JsonNode answer = request.apply(client);
      out().println(isJson() ? client.pretty(answer) : text.of(client, answer, layout));
      return ChaseCommand.ExitCode.DONE;
    }
  }

  /** Whether the answer is printed as it came. */
  boolean isJson() {
    return output.isJson();
  }

  /** How the answer is laid out now. */
  final TextLayout layout() {
    return layout(ChaseCommand.terminal(spec));
  }

  /** How the answer is laid out on {@code terminal}. */
  TextLayout layout(Terminal terminal) {
    return TextLayout.of(terminal, output.columns(columns()), true);
  }

  /** The columns that {@code -o} may name; empty where there is no table. */
  List<String> columns() {
    return List.of();
  }

  final OutputOptions output() {
    return output;
  }

  final CommandSpec spec() {
    return spec;
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Ends the command with {@code message} and a pointer to its help. */
  final ParameterException usageError(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** In which form an answer is printed. */
  static final class OutputOptions {
    private static final String JSON = "json";

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORM",
        description = {
          "json; of a table also wide (all columns, nothing cut)",
          "or columns divided by commas; an unknown one lists them."
        })
    private Optional<String> form = Optional.empty();

    /** Whether the answer is printed as it came. */
    boolean isJson() {
      return json || form.filter(JSON::equals).isPresent();
    }

    /**
     * The columns that are asked for.
     *
     * @param known those of the command's table; empty where it has none
     * @throws ParameterException that lists them
     */
    ColumnChoice columns(List<String> known) {
      if (form.isEmpty() || isJson()) {
        return ColumnChoice.usual();
      }
      if (known.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "-o: there is no table here, so that only json is left");
      }
      ColumnChoice choice = ColumnChoice.parse(form.get());
      choice
          .fault(known)
          .ifPresent(fault -> {
            throw new ParameterException(spec.commandLine(), fault);
          });
      return choice;
    }
  }
}
