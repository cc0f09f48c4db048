package chase.daemon.batchsize;

import chase.zeus.batchsize.Method;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;

/** Zeus's batch-size API on a TCP port. */
public final class BatchSizeServer {
  private final HttpServer server;

  /**
   * A server that does not listen yet.
   *
   * @param method how the batch sizes of its jobs are chosen
   */
  public BatchSizeServer(Vertx vertx, Desk desk, Method method) {
    this.server =
        vertx.createHttpServer().requestHandler(new ZeusRoutes(desk, method).entrance(vertx));
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
        .listen(port, host)
        .map(HttpServer::actualPort)
        .recover(cause ->
            Future.failedFuture(
                new IOException(
                    "Zeus's batch-size API cannot listen on %s:%d: %s"
                        .formatted(host, port, cause.getMessage()),
                    cause)));
  }

  /** Stops listening and closes every connection. */
  public Future<Void> close() {
    return server.close();
  }
}
