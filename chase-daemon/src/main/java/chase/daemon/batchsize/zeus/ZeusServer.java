package chase.daemon.batchsize.zeus;

import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.http.FailureCounter;
import chase.daemon.http.HostNames;
import chase.daemon.http.RequestFailures;
import chase.daemon.http.ServerCredentials;
import chase.daemon.http.TcpListener;
import chase.zeus.batchsize.SearchMethod;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Zeus's batch-size API on a TCP port. */
public final class ZeusServer {
  private static final String LISTENER = "batch_sizes";

  private final TcpListener server;

  /**
   * A server that does not listen yet.
   *
   * @param method how the batch sizes of its jobs are chosen
   * @param names by which names clients may call this host; empty where any will do
   * @param credentials reads its certificate and token; see {@link TcpListener}
   * @param log counts what goes wrong
   */
  public ZeusServer(
      Vertx vertx,
      BatchSizeService service,
      SearchMethod method,
      Optional<HostNames> names,
      Callable<ServerCredentials> credentials,
      FailureCounter log) {
    RequestFailures failures = new RequestFailures(LISTENER, log);
    this.server =
        new TcpListener(
            vertx,
            LISTENER,
            credentials,
            log,
            failures,
            new ZeusRoutes(service, method, names, failures).handler(vertx));
  }

  /**
   * Listens on {@code host} and {@code port}.
   *
   * @param port 0 for any free one
   * @return the port in use; fails with an {@link IOException} of one readable line when the
   *     address cannot be used
   */
  public Future<Integer> listen(String host, int port) {
    return server.listen("Zeus's batch-size API", host, port);
  }

  /** Stops listening and closes every connection. */
  public Future<Void> close() {
    return server.close();
  }
}
