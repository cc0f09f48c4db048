package chase.daemon.batchsize.zeus;

import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.http.BoundedHttpServer;
import chase.daemon.http.FailureCounter;
import chase.daemon.http.HttpLimits;
import chase.daemon.http.RequestFailures;
import chase.zeus.batchsize.SearchMethod;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.Locale;

/** Zeus's batch-size API on a TCP port. */
public final class ZeusServer {
  private static final String LISTENER = "batch_sizes";

  private final BoundedHttpServer server;

  /**
   * A server that does not listen yet.
   *
   * @param method how the batch sizes of its jobs are chosen
   * @param log counts what goes wrong
   */
  public ZeusServer(
      Vertx vertx, BatchSizeService service, SearchMethod method, FailureCounter log) {
    RequestFailures failures = new RequestFailures(LISTENER, log);
    this.server =
        new BoundedHttpServer(
            vertx,
            LISTENER,
            HttpLimits.DEFAULT,
            log,
            failures,
            new ZeusRoutes(service, method, failures).handler(vertx));
  }

  /**
   * Listens on {@code host} and {@code port}.
   *
   * @param port 0 for any free one
   * @return the port in use; fails with an {@link IOException} of one readable line when the
   *     address cannot be used
   */
  public Future<Integer> listen(String host, int port) {
    return server
        .listen(SocketAddress.inetSocketAddress(port, host))
        .map(HttpServer::actualPort)
        .recover(cause ->
            Future.failedFuture(
                new IOException(
                    String.format(
                        Locale.ROOT,
                        "Zeus's batch-size API cannot listen on %s:%d: %s",
                        host,
                        port,
                        cause.getMessage()),
                    cause)));
  }

  /** Stops listening and closes every connection. */
  public Future<Void> close() {
    return server.close();
  }
}
