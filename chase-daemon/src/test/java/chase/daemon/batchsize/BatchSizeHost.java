package chase.daemon.batchsize;

import chase.carbon.Region;
import chase.daemon.grid.GridState;
import chase.daemon.http.RequestLog;
import chase.zeus.batchsize.Method;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** One daemon's batch sizes: a desk, and Zeus's API on any free port. */
final class BatchSizeHost implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  static final Duration SILENCE = Duration.ofHours(1);

  final Vertx vertx = Vertx.vertx();
  final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  final AtomicReference<GridState> grid =
      new AtomicReference<>(GridState.unasked(new Region("nowhere"), Duration.ofHours(2)));
  final Desk desk;
  final ZeusClient zeus;
  private final BatchSizeServer server;

  BatchSizeHost(Storage storage, Method method, Studies.Quotas quotas) {
    InstantSource clock = now::get;
    EnergyWorth worth = new EnergyWorth(grid::get, clock);
    desk = new Desk(vertx, storage, worth, clock, SILENCE, "this-host", quotas);
    server = new BatchSizeServer(vertx, desk, method, RequestLog.NONE);
    zeus = new ZeusClient(await(server.listen("127.0.0.1", 0)));
  }

  BatchSizeHost(Storage storage, Method method) {
    this(storage, method, Studies.Quotas.USUAL);
  }

  BatchSizeHost(Storage storage) {
    this(storage, Method.CHASE);
  }

  /** The server, for tests that end it before its host. */
  BatchSizeServer server() {
    return server;
  }

  void letPass(Duration time) {
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
    await(desk.close());
    await(vertx.close());
  }
}
