package chase.daemon.batchsize;

import chase.carbon.Region;
import chase.daemon.batchsize.zeus.ZeusServer;
import chase.daemon.grid.GridState;
import chase.daemon.http.FailureCounter;
import chase.daemon.http.HostNames;
import chase.daemon.http.ServerCredentials;
import chase.zeus.batchsize.SearchMethod;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** One daemon's batch sizes: the service, and Zeus's API on any free port. */
final class TestBatchSizes implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  static final Duration SILENCE = Duration.ofHours(1);

  final Vertx vertx = Vertx.vertx();
  final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  final AtomicReference<GridState> grid =
      new AtomicReference<>(GridState.withoutProvider(new Region("nowhere"), Duration.ofHours(2)));
  final BatchSizeService service;
  final ZeusClient zeus;
  private final ZeusServer server;

  TestBatchSizes(StudyDatabase storage, SearchMethod method, StudyStore.Quotas quotas) {
    InstantSource clock = now::get;
    JouleWeight weight = new JouleWeight(grid::get, clock);
    service = new BatchSizeService(vertx, storage, weight, clock, SILENCE, "this-host", quotas);
    server =
        new ZeusServer(
            vertx,
            service,
            method,
            Optional.of(new HostNames("gpu01", List.of())),
            () -> ServerCredentials.NONE,
            FailureCounter.NONE);
    zeus = new ZeusClient(await(server.listen("127.0.0.1", 0)));
  }

  TestBatchSizes(StudyDatabase storage, SearchMethod method) {
    this(storage, method, StudyStore.Quotas.DEFAULT);
  }

  TestBatchSizes(StudyDatabase storage) {
    this(storage, SearchMethod.CHASE);
  }

  /** The server, for tests that end it before its host. */
  ZeusServer server() {
    return server;
  }

  void advance(Duration time) {
    now.updateAndGet(at -> at.plus(time));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within 30 s", e);
    }
  }

  @Override
  public void close() {
    await(server.close());
    await(service.close());
    await(vertx.close());
  }
}
