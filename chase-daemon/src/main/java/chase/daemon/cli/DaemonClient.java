package chase.daemon.cli;

import chase.daemon.api.ApiJson;
import chase.daemon.api.ErrorBody;
import chase.daemon.host.PathState;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.Method;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Talks to the daemon on its control socket. Calls block and fail with {@link
 * ChaseCommand.CommandException}.
 */
final class DaemonClient implements AutoCloseable {
  /**
   * Jobs come and go, and a path is never the user's: that they are not there is no wrong usage.
   */
  private static final Set<String> ABSENT =
      Set.of("unknown_path", "unknown_job", "unknown_batch_size_job", "unknown_trial");

  /** Longer than the daemon itself waits for a hanging driver. */
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Path socket;
  private final Consumer<String> warnings;
  private final JsonMapper mapper = ApiJson.mapperOfAnswers();

  /**
   * A client of the daemon on {@code socket}, which is not tried yet.
   *
   * @param warnings receives what is wrong although a request was done, a line each
   */
  DaemonClient(Path socket, Consumer<String> warnings) {
    this.socket = socket.toAbsolutePath().normalize();
    this.warnings = warnings;
  }

  /** A client of the daemon on the socket that the command line of {@code command} names. */
  static DaemonClient of(CommandSpec command) {
    PrintWriter err = command.commandLine().getErr();
    return new DaemonClient(
        ChaseCommand.socket(command), warning -> err.println("chase: warning: " + warning));
  }

  /** The answer to a request that changes nothing. */
  JsonNode get(String path) {
    return call(Method.GET, path, Optional.empty());
  }

  /** The answer to a request that changes something, once that is done. */
  JsonNode send(Method method, String path) {
    return call(method, path, Optional.empty());
  }

  /** The answer to a request that changes something, once that is done. */
  JsonNode send(Method method, String path, Object body) {
    return call(method, path, Optional.of(body));
  }

  /**
   * Passes on every line of an endless answer until the daemon ends it or {@code line} is false.
   */
  void follow(String path, Predicate<String> line) {
    exchange(
        Method.GET,
        path,
        Optional.empty(),
        Optional.empty(),
        response -> {
          if (response.status() != 200) {
            answer(response);
          }
          readLines(response, line);
          return true;
        });
  }

  /** {@code tree} as a body. */
  <T> T body(JsonNode tree, Class<T> type) {
    try {
      return mapper.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw unexpectedAnswer(e.getOriginalMessage());
    }
  }

  /** {@code text} as JSON. */
  JsonNode json(String text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw unexpectedAnswer(e.getOriginalMessage());
    }
  }

  /** {@code tree} for people, in the daemon's own order of keys. */
  String pretty(JsonNode tree) {
    return tree.toPrettyString();
  }

  /** Does nothing: every request has a connection of its own. */
  @Override
  public void close() {}

  private JsonNode call(Method method, String path, Optional<Object> body) {
    return exchange(method, path, body, Optional.of(DEADLINE), this::answer);
  }

  /** What is done with a response while its connection is open. */
  private interface ResponseReader<T> {
    T read(DaemonExchange.DaemonResponse response) throws IOException;
  }

  private <T> T exchange(
      Method method,
      String path,
      Optional<Object> body,
      Optional<Duration> deadline,
      ResponseReader<T> reader) {
    Optional<byte[]> json = body.map(this::write);
    try (DaemonExchange exchange = connect()) {
      deadline.ifPresent(exchange::closeAfter);
      try {
        return reader.read(exchange.send(method, "/v1" + path, json));
      } catch (IOException e) {
        throw exchange.isOverdue() ? overdue() : gone();
      } catch (HttpException e) {
        throw unexpectedAnswer(String.valueOf(e.getMessage()));
      }
    } catch (IOException e) {
      throw gone();
    }
  }

  private DaemonExchange connect() {
    try {
      return DaemonExchange.open(socket);
    } catch (IOException | IllegalArgumentException e) {
      throw unreachable();
    }
  }

  /** An end that the daemon did not announce is one all the same. */
  private static void readLines(DaemonExchange.DaemonResponse response, Predicate<String> wanted) {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    try {
      String line = lines.readLine();
      while (line != null && wanted.test(line)) {
        line = lines.readLine();
      }
    } catch (IOException e) {
      // The daemon is gone: no more lines.
    }
  }

  private JsonNode answer(DaemonExchange.DaemonResponse response) throws IOException {
    JsonNode tree = json(new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
    if (tree.isMissingNode()) {
      throw unexpectedAnswer("an empty answer");
    }
    if (response.status() / 100 != 2) {
      ErrorBody refusal = body(tree, ErrorBody.class);
      throw new ChaseCommand.CommandException(
          exitCode(response.status(), refusal), Optional.of(refusal.error()), refusal.detail());
    }
    response.warning().ifPresent(warnings);
    return tree;
  }

  /** What another command line would mend is wrong usage. */
  private static int exitCode(int status, ErrorBody refusal) {
    return switch (status) {
      case 400, 404, 422 ->
          ABSENT.contains(refusal.error())
              ? ChaseCommand.ExitCode.FAILED
              : ChaseCommand.ExitCode.WRONG_USAGE;
      default -> ChaseCommand.ExitCode.FAILED;
    };
  }

  private byte[] write(Object body) {
    try {
      return mapper.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + body, e);
    }
  }

  private ChaseCommand.CommandException gone() {
    return new ChaseCommand.CommandException(
        ChaseCommand.ExitCode.UNREACHABLE,
        "the daemon on %s went away before it answered".formatted(socket));
  }

  private ChaseCommand.CommandException overdue() {
    return new ChaseCommand.CommandException(
        ChaseCommand.ExitCode.FAILED,
        String.format(
            Locale.ROOT,
            "the daemon on %s gave no answer within %d s",
            socket,
            DEADLINE.toSeconds()));
  }

  private ChaseCommand.CommandException unreachable() {
    return new ChaseCommand.CommandException(
        ChaseCommand.ExitCode.UNREACHABLE,
        !PathState.mayUse(socket)
            ? "no permission to use %s: %s"
                .formatted(socket, PathState.remedy(socket, System.getProperty("user.name")))
            : "no daemon answers on %s: is chased running? (systemctl status chased)"
                .formatted(socket));
  }

  private ChaseCommand.CommandException unexpectedAnswer(String why) {
    return new ChaseCommand.CommandException(
        ChaseCommand.ExitCode.FAILED, "what answers on %s is not Chase: %s".formatted(socket, why));
  }

  /** Parts of paths under {@code /v1}. */
  static final class ApiPath {
    static final String DESCRIPTION = "Its index, its UUID, or an unambiguous start of that.";

    private ApiPath() {}

    /** The path of the GPU that the user calls {@code name}. */
    static String gpu(String name) {
      return "/gpus/" + encoded(name);
    }

    /** {@code name} as a part of a path or query. */
    static String encoded(String name) {
      return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
  }
}
