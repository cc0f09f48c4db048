package chase.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a command works: with the user before it and the daemon behind it.
 *
 * @param out what the user asked for
 * @param socket the daemon's socket, known once the command line is parsed
 */
record Desk(PrintWriter out, Supplier<Path> socket) {

  /** Asks the daemon and prints its answer, as it came or as {@code text}. */
  int print(
      boolean json,
      Function<DaemonClient, JsonNode> question,
      BiFunction<DaemonClient, JsonNode, String> text) {
    try (DaemonClient client = new DaemonClient(socket.get())) {
      JsonNode answer = question.apply(client);
      out.println(json ? client.pretty(answer) : text.apply(client, answer));
      return ChaseCommand.ExitCode.DONE;
    }
  }
}
