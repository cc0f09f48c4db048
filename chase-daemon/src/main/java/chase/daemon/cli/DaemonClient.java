package chase.daemon.cli;

import chase.daemon.api.ApiJson;
import chase.daemon.api.ErrorBody;
import chase.daemon.host.PathState;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.parsetools.RecordParser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Talks to the daemon on its control socket. Calls block and fail with {@link
 * ChaseCommand.CommandException}.
 */
final class DaemonClient implements AutoCloseable {
  /** Longer than the daemon itself waits for a hanging driver. */
  private static final int TIMEOUT_SECONDS = 60;

  private final Path socket;
  private final JsonMapper mapper = ApiJson.mapper();
  private final Vertx vertx = Vertx.vertx(smallOptions());
  private final HttpClient client = vertx.createHttpClient(new HttpClientOptions());

  /** A client of the daemon on {@code socket}, which is not tried yet. */
  DaemonClient(Path socket) {
    this.socket = socket.toAbsolutePath().normalize();
  }

  /** A client of the daemon on the socket that the command line of {@code command} names. */
  static DaemonClient of(CommandSpec command) {
    return new DaemonClient(ChaseCommand.socket(command));
  }

  /** The answer to a request that changes nothing. */
  JsonNode get(String path) {
    return call(HttpMethod.GET, path, Optional.empty());
  }

  /** The answer to a request that changes something, once that is done. */
  JsonNode send(HttpMethod method, String path) {
    return call(method, path, Optional.empty());
  }

  /** The answer to a request that changes something, once that is done. */
  JsonNode send(HttpMethod method, String path, Object body) {
    return call(method, path, Optional.of(body));
  }

  /**
   * Passes on every line of an endless answer until the daemon ends it or {@code line} is false.
   */
  void follow(String path, Predicate<String> line) {
    await(
        () ->
            connect(HttpMethod.GET, path)
                .compose(HttpClientRequest::send)
                .compose(response -> lines(response, line)),
        Long.MAX_VALUE);
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

  @Override
  public void close() {
    await(vertx::close, TIMEOUT_SECONDS);
  }

  private static VertxOptions smallOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  private JsonNode call(HttpMethod method, String path, Optional<Object> body) {
    return await(
        () ->
            connect(method, path)
                .compose(request -> send(request, body))
                .compose(
                    response -> response.body().map(text -> answer(response.statusCode(), text))),
        TIMEOUT_SECONDS);
  }

  private Future<HttpClientResponse> send(HttpClientRequest request, Optional<Object> body) {
    return body.isPresent()
        ? request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").send(write(body.get()))
        : request.send();
  }

  private Future<HttpClientRequest> connect(HttpMethod method, String path) {
    var options =
        new RequestOptions()
            .setServer(SocketAddress.domainSocketAddress(socket.toString()))
            .setHost("chase")
            .setPort(80)
            .setMethod(method)
            .setURI("/v1" + path);
    return client.request(options).recover(failure -> Future.failedFuture(unreachable()));
  }

  private Future<Void> lines(HttpClientResponse response, Predicate<String> line) {
    if (response.statusCode() != 200) {
      return response.body().map(text -> answer(response.statusCode(), text)).mapEmpty();
    }
    RecordParser parser = RecordParser.newDelimited("\n", response);
    parser.handler(text -> {
      if (!line.test(text.toString())) {
        response.request().connection().close();
      }
    });
    return response.end().otherwiseEmpty();
  }

  private JsonNode answer(int status, Buffer text) {
    JsonNode tree = json(text.toString());
    if (tree.isMissingNode()) {
      throw unexpectedAnswer("an empty answer");
    }
    if (status / 100 != 2) {
      throw new ChaseCommand.CommandException(
          ChaseCommand.ExitCode.FAILED, body(tree, ErrorBody.class).detail());
    }
    return tree;
  }

  private String write(Object body) {
    try {
      return mapper.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + body, e);
    }
  }

  /** Starts {@code work} on the event loop: elsewhere an answer could come before its reader. */
  private <T> T await(Supplier<Future<T>> work, long seconds) {
    Promise<T> done = Promise.promise();
    vertx.runOnContext(now -> work.get().onComplete(done));
    try {
      return done.future().await(seconds, TimeUnit.SECONDS);
    } catch (HttpClosedException e) {
      throw new ChaseCommand.CommandException(
          ChaseCommand.ExitCode.UNREACHABLE,
          "the daemon on %s went away before it answered".formatted(socket));
    } catch (TimeoutException e) {
      throw new ChaseCommand.CommandException(
          ChaseCommand.ExitCode.FAILED,
          String.format(
              Locale.ROOT, "the daemon on %s gave no answer within %d s", socket, seconds));
    }
  }

  private ChaseCommand.CommandException unreachable() {
    boolean forbidden =
        switch (PathState.of(socket)) {
          case FORBIDDEN -> true;
          case PRESENT -> !Files.isWritable(socket);
          case MISSING -> false;
        };
    return new ChaseCommand.CommandException(
        ChaseCommand.ExitCode.UNREACHABLE,
        forbidden
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
