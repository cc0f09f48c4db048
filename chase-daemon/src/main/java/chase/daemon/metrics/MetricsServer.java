package chase.daemon.metrics;

import chase.daemon.http.BoundedHttpServer;
import chase.daemon.http.HttpLimits;
import chase.daemon.http.RequestFailures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Answers {@code /metrics} for Prometheus and {@code /} for people who look around. Read-only: all
 * that it shows is in memory, and nothing can be changed through it.
 */
public final class MetricsServer {
  private static final String INDEX =
      """
      Chase, a carbon-aware power-limit daemon for GPU hosts.
      Metrics for Prometheus: /metrics
      """;

  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private static final String LISTENER = "metrics";

  private final MetricsPage page;
  private final BoundedHttpServer server;

  /**
   * A server that does not listen yet.
   *
   * @param scrapes reads the state of this moment from memory, on any thread
   */
  public MetricsServer(
      Vertx vertx,
      Supplier<Scrape> scrapes,
      DriverCallMetrics driverCalls,
      RequestMetrics requests) {
    this.page = new MetricsPage(scrapes, driverCalls, requests);
    this.server =
        new BoundedHttpServer(
            vertx,
            LISTENER,
            HttpLimits.DEFAULT,
            requests,
            new RequestFailures(LISTENER, requests),
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
    return server
        .listen(SocketAddress.inetSocketAddress(port, host))
        .map(HttpServer::actualPort)
        .recover(cause -> Future.failedFuture(refused(host, port, cause)));
  }

  /** Stops listening and closes every connection. */
  public Future<Void> close() {
    return server.close();
  }

  private static IOException refused(String host, int port, Throwable cause) {
    return new IOException(
        "metrics cannot listen on " + host + ":" + port + ": " + cause.getMessage(), cause);
  }

  private void answer(HttpServerRequest request) {
    if (!READING.contains(request.method())) {
      request.response().putHeader("Allow", "GET, HEAD");
      send(request, 405, "text/plain; charset=utf-8", Buffer.buffer("only GET and HEAD\n"));
      return;
    }
    switch (request.path()) {
      case "/metrics" -> metrics(request);
      case "/" -> send(request, 200, "text/plain; charset=utf-8", Buffer.buffer(INDEX));
      case null, default ->
          send(request, 404, "text/plain; charset=utf-8", Buffer.buffer("see /metrics\n"));
    }
  }

  private void metrics(HttpServerRequest request) {
    MetricsPage.Rendered rendered = page.render(request.getHeader("Accept"));
    send(request, 200, rendered.contentType(), rendered.body());
  }

  private static void send(HttpServerRequest request, int status, String type, Buffer body) {
    var response = request.response().setStatusCode(status).putHeader("Content-Type", type);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }
}
