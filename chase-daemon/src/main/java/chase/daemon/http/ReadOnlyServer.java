package chase.daemon.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * One TCP address on which parts that do not know each other are read, each at paths of its own.
 * Only GET and HEAD are answered, only paths that are known letter by letter, and only clients that
 * call this host by one of its names. A page of another site may link here and read nothing.
 */
public final class ReadOnlyServer {
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final String TEXT = "text/plain; charset=utf-8";

  /** The name of this host in the request is not one of ours. */
  private static final int MISDIRECTED_REQUEST = 421;

  private final String listener;
  private final Map<String, ReadOnlyPath> paths;
  private final HostNames names;
  private final TcpListener server;

  /**
   * What answers at one path.
   *
   * @param anyHost whether the name by which the client calls this host does not matter
   */
  public record ReadOnlyPath(Handler<HttpServerRequest> handler, boolean anyHost) {}

  /**
   * A server that does not listen yet.
   *
   * @param listener what messages and metrics call it
   * @param names by which names clients may call this host
   * @param credentials reads its certificate and token; see {@link TcpListener}
   * @param paths what answers, by path
   */
  public ReadOnlyServer(
      Vertx vertx,
      String listener,
      HostNames names,
      Callable<ServerCredentials> credentials,
      FailureCounter log,
      Map<String, ReadOnlyPath> paths) {
    this(vertx, listener, names, HttpLimits.DEFAULT, credentials, log, paths);
  }

  /** The same whose clients may take as much as {@code limits} say. */
  public ReadOnlyServer(
      Vertx vertx,
      String listener,
      HostNames names,
      HttpLimits limits,
      Callable<ServerCredentials> credentials,
      FailureCounter log,
      Map<String, ReadOnlyPath> paths) {
    this.listener = listener;
    this.paths = Map.copyOf(paths);
    this.names = names;
    this.server =
        new TcpListener(
            vertx,
            listener,
            limits,
            credentials,
            log,
            new RequestFailures(listener, log),
            this::answer);
  }

  /**
   * Listens on {@code host} and {@code port}.
   *
   * @param port 0 for any free one
   * @return the port in use; fails with an {@link IOException} of one readable line when the
   *     address cannot be had
   */
  public Future<Integer> listen(String host, int port) {
    return server.listen(listener, host, port);
  }

  /** Stops listening and closes every connection. */
  public Future<Void> close() {
    return server.close();
  }

  private void answer(HttpServerRequest request) {
    request
        .response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    Optional<ReadOnlyPath> path = Optional.ofNullable(paths.get(String.valueOf(request.path())));
    Optional<String> refusal =
        path.filter(ReadOnlyPath::anyHost).isPresent()
            ? Optional.empty()
            : names.refusal(hosts(request));
    if (refusal.isPresent()) {
      send(request, MISDIRECTED_REQUEST, refusal.get() + "\n");
    } else if (BrowserRequests.isFromOtherSite(request)) {
      send(request, 403, "pages of other sites may link here, and not read\n");
    } else if (!READING.contains(request.method())) {
      request.response().putHeader("Allow", "GET, HEAD");
      send(request, 405, "only GET and HEAD\n");
    } else if (path.isEmpty()) {
      send(request, 404, "nothing here; see /\n");
    } else {
      path.get().handler().handle(request);
    }
  }

  private static List<String> hosts(HttpServerRequest request) {
    return request.headers().getAll("Host");
  }

  /** Answers in plain text. */
  public static void send(HttpServerRequest request, int status, String text) {
    send(request, status, TEXT, Buffer.buffer(text));
  }

  /** Answers; a HEAD gets the length alone. */
  public static void send(HttpServerRequest request, int status, String type, Buffer body) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader("Content-Type", type);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }
}
