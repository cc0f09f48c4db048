package chase.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that sends one request to the daemon and prints the answer. */
abstract class DaemonCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print the daemon's answer as JSON.")
  private boolean json;

  /** Prints the answer to {@code request}: as it came with {@code --json}, else as {@code text}. */
  final <T> int print(
      Function<DaemonClient, JsonNode> request, Class<T> type, Function<T, String> text) {
    return print(request, (client, answer) -> text.apply(client.body(answer, type)));
  }

  /** The same for an answer that may have different types. */
  final int print(
      Function<DaemonClient, JsonNode> request, BiFunction<DaemonClient, JsonNode, String> text) {
    return print(json, request, text);
  }

  /** The same for a command that has another option for JSON. */
  final int print(
      boolean asJson,
      Function<DaemonClient, JsonNode> request,
      BiFunction<DaemonClient, JsonNode, String> text) {
    try (DaemonClient client = DaemonClient.of(spec)) {
      JsonNode answer = request.apply(client);
      spec.commandLine()
          .getOut()
          .println(asJson || json ? client.pretty(answer) : text.apply(client, answer));
      return ChaseCommand.ExitCode.DONE;
    }
  }

  /** Ends the command with {@code message} and a pointer to its help. */
  final ParameterException usageError(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
