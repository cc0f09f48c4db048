package chase.daemon.http;

import chase.daemon.host.SocketPeer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP/1.1 server that no client can exhaust, as far as {@link HttpLimits} go, and whose
 * requests fail one by one: what a request throws, also later on its context, is its own 500 and
 * reaches nothing else.
 *
 * <p>A connection's next request is begun only when its client has taken the last answer, so that a
 * client who asks and does not read costs one answer.
 */
public final class BoundedHttpServer {
  private static final Duration SWEEP_PERIOD = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  /** What is read at once, and so what a pipelining client can make us decode ahead. */
  private static final int READ_BYTES = 2 * 1024;

  private final Vertx vertx;
  private final String listener;
  private final FailureCounter log;
  private final RequestFailures failures;
  private final Handler<HttpServerRequest> requests;
  private final OpenConnections<HttpConnection> connections;
  private final Map<HttpConnection, CurrentRequest> currentRequests = new HashMap<>();
  private final HttpLimits limits;
  private volatile Optional<HttpServer> server = Optional.empty();

  /** The last request of a connection, and the context that is its own. */
  private record CurrentRequest(Context context, HttpServerRequest request) {}

  /**
   * A server that does not listen yet.
   *
   * @param failures where faults go that {@code requests} lets through
   */
  public BoundedHttpServer(
      Vertx vertx,
      String listener,
      HttpLimits limits,
      FailureCounter log,
      RequestFailures failures,
      Handler<HttpServerRequest> requests) {
    this.vertx = vertx;
    this.listener = listener;
    this.log = log;
    this.failures = failures;
    this.requests = requests;
    this.limits = limits;
    this.connections = new OpenConnections<>(limits);
  }

  /** HTTP/2 in clear text has no user here, and its streams and windows are many more bounds. */
  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(false)
        .setMaxInitialLineLength(4 * 1024)
        .setMaxHeaderSize(8 * 1024)
        .setAcceptBacklog(limits.connections());
  }

  /** TLS 1.2 and 1.3 alone, which is Vert.x's own choice. */
  private HttpServerOptions withTls(ServerCertificate certificate) {
    return options()
        .setSsl(true)
        .setUseAlpn(false)
        .setKeyCertOptions(certificate.pem())
        .setSslEngineOptions(
            new TlsHandshakes(
                limits, () -> log.closed(listener, FailureCounter.CloseReason.CROWDED)))
        .setSslHandshakeTimeout(TlsHandshakes.TIMEOUT_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
  }

  /** Listens, on the current context or, outside of any, on one of its own. */
  public Future<HttpServer> listen(SocketAddress address) {
    return listen(address, Optional.empty());
  }

  /** The same, with TLS where there is a certificate. */
  Future<HttpServer> listen(SocketAddress address, Optional<ServerCertificate> certificate) {
    Context here = vertx.getOrCreateContext();
    here.exceptionHandler(this::uncaught);
    Promise<HttpServer> listening = Promise.promise();
    here.runOnContext(now -> {
      vertx.setPeriodic(SWEEP_PERIOD.toMillis(), tick -> sweep());
      HttpServer opened =
          vertx
              .createHttpServer(certificate.map(this::withTls).orElseGet(this::options))
              .connectionHandler(this::accept)
              .requestHandler(this::receive);
      server = Optional.of(opened);
      opened.listen(address).onComplete(listening);
    });
    return listening.future();
  }

  /** Serves another certificate from the next connection on. */
  Future<Void> renew(ServerCertificate certificate) {
    return server
        .orElseThrow()
        .updateSSLOptions(
            new ServerSSLOptions()
                .setKeyCertOptions(certificate.pem())
                .setSslHandshakeTimeout(TlsHandshakes.TIMEOUT_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS))
        .mapEmpty();
  }

  /** Stops listening and closes every connection, soon also those whose clients do not read. */
  public Future<Void> close() {
    vertx.setTimer(
        CLOSE_TIMEOUT.toMillis(),
        late -> List.copyOf(connections.all().toList()).forEach(RawConnection::close));
    return server.map(HttpServer::close).orElseGet(Future::succeededFuture);
  }

  private void accept(HttpConnection connection) {
    RawConnection.limitReads(connection, READ_BYTES);
    connection.closeHandler(gone -> {
      connections.closed(connection);
      currentRequests.remove(connection);
    });
    // A client that breaks off is no news.
    connection.exceptionHandler(broken -> {});
    connections
        .admit(connection, SocketPeer.bucketOf(connection))
        .ifPresent(other -> close(other, FailureCounter.CloseReason.CROWDED));
  }

  private void close(HttpConnection connection, FailureCounter.CloseReason reason) {
    log.closed(listener, reason);
    RawConnection.close(connection);
  }

  private void sweep() {
    connections.tick().forEach(this::close);
  }

  private void receive(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    connections.requestBegan(request.connection(), () -> phase(request));
    request.exceptionHandler(broken -> {});
    response.exceptionHandler(broken -> {});
    if (response.writeQueueFull()) {
      request.pause();
      response.drainHandler(taken -> {
        response.drainHandler(null);
        request.resume();
        begin(request);
      });
    } else {
      begin(request);
    }
  }

  private void begin(HttpServerRequest request) {
    currentRequests.put(
        request.connection(), new CurrentRequest(vertx.getOrCreateContext(), request));
    requests.handle(request);
  }

  private static OpenConnections.Phase phase(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (!request.isEnded()) {
      return OpenConnections.Phase.RECEIVING;
    }
    if (response.ended()) {
      return OpenConnections.Phase.IDLE;
    }
    return response.headWritten()
        ? OpenConnections.Phase.STREAMING
        : OpenConnections.Phase.ANSWERING;
  }

  /** What a request let through, on its own context or, where it is not known whose, on ours. */
  private void uncaught(Throwable fault) {
    Context here = Vertx.currentContext();
    Optional<HttpServerRequest> request =
        currentRequests.values().stream()
            .filter(one -> one.context.equals(here))
            .map(CurrentRequest::request)
            .findFirst();
    String reference =
        failures.log(
            request.map(one -> one.method() + " " + one.path()).orElse("a client's connection"),
            fault);
    request
        .filter(one -> !one.response().ended() && !one.response().closed())
        .ifPresent(one -> fail(one, reference));
  }

  private void fail(HttpServerRequest request, String reference) {
    HttpServerResponse response = request.response();
    if (response.headWritten()) {
      close(request.connection(), FailureCounter.CloseReason.FAILED);
      return;
    }
    response
        .setStatusCode(500)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("Connection", "close")
        .end("Chase failed at this; its log says more under reference " + reference + "\n");
  }
}
