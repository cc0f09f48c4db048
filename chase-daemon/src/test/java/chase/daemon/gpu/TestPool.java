package chase.daemon.gpu;

import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.Gpus;
import chase.zeus.unit.Watts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A pool of two fake GPUs on a driver that comes and goes, and every event of theirs. */
final class TestPool {
  static final Watts ORIGINAL = new Watts(400);
  private static final GpuTiming TIMING =
      new GpuTiming(Duration.ofMillis(20), Duration.ofMillis(300), Duration.ofMillis(10));

  final FakeGpu gpu = new FakeGpu(0);
  final FakeGpu other = new FakeGpu(1);
  final FakeGpus driver = new FakeGpus(List.of(gpu, other));
  final List<Event> events = new CopyOnWriteArrayList<>();
  final AtomicInteger openings = new AtomicInteger();

  /** What the driver opens to; nothing where it is not there. */
  volatile Optional<Gpus> opened = Optional.of(driver);

  /** Runs in each opening of the driver. */
  volatile Runnable inOpening = () -> {};

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  final GpuPool pool;

  /** A pool that has opened its GPUs. */
  TestPool(Path directory) throws Exception {
    GpuJournals journals = GpuJournals.open(directory, InstantSource.system());
    GpuBackend backend =
        new GpuBackend() {
          @Override
          public Gpus open() throws GpuException {
            return TestPool.this.open();
          }

          @Override
          public Optional<String> loadedModule() {
            return Optional.of("loaded first");
          }
        };
    pool =
        new GpuPool(
            vertx, backend, Optional.of(journals), TIMING, InstantSource.system(), events::add);
    onContext(GpuPool::start);
    await().until(() -> seen(Event.GpuOpened.class).size() == 2);
  }

  private Gpus open() throws GpuException {
    openings.incrementAndGet();
    Optional<Gpus> found = opened;
    inOpening.run();
    return found.orElseThrow(() -> new GpuException(Kind.REOPEN, "no driver"));
  }

  /** What {@code work} on the pool comes to. */
  <T> T onContext(Function<GpuPool, Future<T>> work) throws Exception {
    return begin(work).get(10, TimeUnit.SECONDS);
  }

  /** The same, without waiting for it. */
  <T> CompletableFuture<T> begin(Function<GpuPool, Future<T>> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.runOnContext(
        go -> work.apply(pool).onSuccess(done::complete).onFailure(done::completeExceptionally));
    return done;
  }

  /** Lowers the limit of {@code target}, and does not wait for it. */
  void order(FakeGpu target, double limit) {
    Order order = new Order(target.traits().id(), new Watts(limit), target.requested(), ORIGINAL);
    context.runOnContext(go -> pool.carryOut(order));
  }

  <E extends Event> List<E> seen(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  boolean answering() throws Exception {
    return onContext(
        all -> Future.succeededFuture(all.isAnswering(InstantSource.system().instant())));
  }

  /** Ends every call that hangs, and closes the pool. */
  void close() throws Exception {
    gpu.release();
    other.release();
    onContext(GpuPool::close);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
