package chase.daemon.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A server on a TCP address. Where it has a certificate it speaks TLS alone, and where it has a
 * token it answers nobody who does not show that. Both are read again while it runs, so that what
 * renews them need not know of Chase; what cannot be used then leaves the last ones in force.
 */
public final class TcpListener {
  private static final Logger LOG = System.getLogger(TcpListener.class.getName());
  private static final Duration REFRESH_PERIOD = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final String name;
  private final Callable<ServerCredentials> source;
  private final FailureCounter log;
  private final Handler<HttpServerRequest> requests;
  private final BoundedHttpServer server;
  private volatile ServerCredentials credentials = ServerCredentials.NONE;
  private Optional<String> trouble = Optional.empty();

  /**
   * A server that does not listen yet.
   *
   * @param name what metrics and the log call it
   * @param source reads its certificate and token, on a thread that may block; whether there is one
   *     stays the same
   * @param failures where faults go that {@code requests} lets through
   * @param requests who answers a request that has shown the token
   */
  public TcpListener(
      Vertx vertx,
      String name,
      Callable<ServerCredentials> source,
      FailureCounter log,
      RequestFailures failures,
      Handler<HttpServerRequest> requests) {
    this(vertx, name, HttpLimits.DEFAULT, source, log, failures, requests);
  }

  /** The same whose clients may take as much as {@code limits} say. */
  TcpListener(
      Vertx vertx,
      String name,
      HttpLimits limits,
      Callable<ServerCredentials> source,
      FailureCounter log,
      RequestFailures failures,
      Handler<HttpServerRequest> requests) {
    this.vertx = vertx;
    this.name = name;
    this.source = source;
    this.log = log;
    this.requests = requests;
    this.server = new BoundedHttpServer(vertx, name, limits, log, failures, this::receive);
  }

  /**
   * Listens on {@code host} and {@code port}, on the current context.
   *
   * @param title what a refusal calls the server
   * @param port 0 for any free one
   * @return the port in use; fails with an {@link IOException} of one readable line when the
   *     address or the credentials cannot be had
   */
  public Future<Integer> listen(String title, String host, int port) {
    return read()
        .compose(read -> {
          credentials = read;
          notifyOfExpiry();
          return server.listen(SocketAddress.inetSocketAddress(port, host), read.certificate());
        })
        .map(HttpServer::actualPort)
        .onSuccess(open -> refreshPeriodically())
        .recover(cause -> Future.failedFuture(refused(title, host, port, cause)));
  }

  private static IOException refused(String title, String host, int port, Throwable cause) {
    return new IOException(
        String.format(
            Locale.ROOT, "%s cannot listen on %s:%d: %s", title, host, port, cause.getMessage()),
        cause);
  }

  /** Stops listening and closes every connection. */
  public Future<Void> close() {
    return server.close();
  }

  private void refreshPeriodically() {
    if (!credentials.equals(ServerCredentials.NONE)) {
      vertx.setPeriodic(REFRESH_PERIOD.toMillis(), tick -> refresh());
    }
  }

  /** Puts new credentials in force; those who are connected stay so. */
  Future<Void> refresh() {
    return read()
        .compose(this::use)
        .onSuccess(used -> trouble = Optional.empty())
        .onFailure(this::logTrouble);
  }

  private Future<ServerCredentials> read() {
    return vertx.executeBlocking(source).map(read -> Objects.requireNonNull(read));
  }

  private Future<Void> use(ServerCredentials read) {
    boolean renewed =
        read.certificate().isPresent()
            && !read.certificate().get().isSameAs(credentials.certificate().orElseThrow());
    Future<Void> served =
        renewed
            ? server.renew(read.certificate().get()).onSuccess(done -> logRenewed(read))
            : Future.succeededFuture();
    return served.onSuccess(done -> {
      credentials = read;
      notifyOfExpiry();
    });
  }

  private void logRenewed(ServerCredentials read) {
    LOG.log(
        Level.INFO,
        name
            + ": a new certificate is in force, valid until "
            + read.certificate().orElseThrow().notAfter());
  }

  private void notifyOfExpiry() {
    credentials.certificate().ifPresent(one -> log.certificateExpires(name, one.notAfter()));
  }

  /** Each trouble once; the last credentials stay in force. */
  private void logTrouble(Throwable cause) {
    Optional<String> now = Optional.of(String.valueOf(cause.getMessage()));
    if (!now.equals(trouble)) {
      trouble = now;
      LOG.log(
          Level.WARNING,
          name
              + ": the certificate and token in force stay, new ones cannot be used: "
              + now.get());
    }
  }

  private void receive(HttpServerRequest request) {
    if (credentials.token().isEmpty() || credentials.token().get().isShownBy(request)) {
      requests.handle(request);
    } else {
      log.unauthorized(name);
      request
          .response()
          .setStatusCode(401)
          .putHeader("WWW-Authenticate", "Basic realm=\"Chase\", charset=\"UTF-8\"")
          .putHeader("Connection", "close")
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .end(
              "this takes the listener's token, as a bearer token or as the password of any"
                  + " user\n");
    }
  }
}
