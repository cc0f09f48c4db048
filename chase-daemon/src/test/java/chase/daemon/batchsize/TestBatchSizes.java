package chase.daemon.batchsize;

import chase.carbon.Region;
import chase.daemon.batchsize.zeus.ZeusServer;
import chase.daemon.grid.GridState;
import chase.daemon.http.FailureCounter;
import chase.zeus.batchsize.SearchMethod;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** One daemon's batch sizes: a desk, and Zeus's API on any free port. */
public final class TestBatchSizes implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  public static final Duration SILENCE = Duration.ofHours(1);

  final Vertx vertx = Vertx.vertx();
  final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  final AtomicReference<GridState> grid =
      new AtomicReference<>(GridState.withoutProvider(new Region("nowhere"), Duration.ofHours(2)));
  public final BatchSizeService service;
  public final ZeusClient zeus;
  private final ZeusServer server;

  public TestBatchSizes(StudyDatabase storage, SearchMethod method, StudyStore.Quotas quotas) {
    InstantSource clock = now::get;
    JouleWeight worth = new JouleWeight(grid::get, clock);
    service = new BatchSizeService(vertx, storage, worth, clock, SILENCE, "this-host", quotas);
    server = new ZeusServer(vertx, service, method, FailureCounter.NONE);
    zeus = new ZeusClient(await(server.listen("127.0.0.1", 0)));
  }

  TestBatchSizes(StudyDatabase storage, SearchMethod method) {
    this(storage, method, StudyStore.Quotas.DEFAULT);
  }

  public TestBatchSizes(StudyDatabase storage) {
    this(storage, SearchMethod.CHASE);
  }

  /** The server, for tests that end it before its host. */
  ZeusServer server() {
    return server;
  }

  public void advance(Duration time) {
    now.updateAndGet(at -> at.plus(time));
  }

  public static <T> T await(Future<T> future) {
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
