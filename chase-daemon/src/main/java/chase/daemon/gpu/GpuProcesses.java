package chase.daemon.gpu;

import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The processes that compute on GPUs without a registered job. A GPU whose driver does not support
 * that is queried once, and again after it was opened anew. Used on one context; any thread may
 * read what was last seen.
 */
public final class GpuProcesses {
  /** Newer results are not needed, and drivers should not be queried often. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final BiFunction<GpuId, Boolean, Future<List<HostProcess>>> query;
  private final Set<GpuId> unsupported = new HashSet<>();
  private volatile Map<GpuId, List<HostProcess>> lastSeen = Map.of();
  private long timer = -1;

  /** Queries of all GPUs at once, by the GPUs that there are. */
  private final AsyncCache<Set<GpuId>, Map<GpuId, List<HostProcess>>> recentQueries;

  /**
   * Nothing seen yet.
   *
   * @param query reads the processes of a GPU, simulated or not; fails with {@link GpuException}
   */
  GpuProcesses(BiFunction<GpuId, Boolean, Future<List<HostProcess>>> query, InstantSource clock) {
    this.query = query;
    this.recentQueries =
        Caffeine.newBuilder()
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .expireAfterWrite(FRESH)
            .maximumSize(1)
            .buildAsync();
  }

  /** Nothing seen yet of the GPUs in {@code pool}, as far as {@code host} shows processes. */
  public static GpuProcesses of(GpuPool pool, ProcessTable host, InstantSource clock) {
    return new GpuProcesses(
        (gpu, simulated) -> pool.read(gpu, opened -> read(opened, host, simulated)), clock);
  }

  /**
   * None where the driver numbers processes otherwise than we see them, as it does from a
   * container; a simulated GPU lists processes as we see them.
   */
  private static List<HostProcess> read(Gpu gpu, ProcessTable host, boolean simulated)
      throws GpuException {
    return simulated || host.hasHostIds()
        ? gpu.processes().stream()
            .map(process -> host.find(process.pid()))
            .flatMap(Optional::stream)
            .toList()
        : List.of();
  }

  /** The processes that compute on each GPU, as far as seen. */
  public Map<GpuId, List<HostProcess>> lastSeen() {
    return lastSeen;
  }

  /** Polls now, and from now on as often as that. */
  public void pollEvery(Duration period, Vertx vertx, Supplier<Snapshot> snapshot) {
    vertx.cancelTimer(timer);
    poll(snapshot.get());
    timer = vertx.setPeriodic(period.toMillis(), tick -> poll(snapshot.get()));
  }

  /** Queries every GPU without a registered job; of the others nothing is kept. */
  public void poll(Snapshot snapshot) {
    for (GpuView gpu : snapshot.gpus()) {
      GpuId id = gpu.traits().id();
      if (snapshot.jobOn(id).isPresent()) {
        store(id, List.of());
      } else if (!unsupported.contains(id)) {
        query(id, gpu.traits().simulated());
      }
    }
  }

  private Future<List<HostProcess>> query(GpuId gpu, boolean simulated) {
    return query
        .apply(gpu, simulated)
        .onSuccess(processes -> store(gpu, processes))
        .onFailure(failure -> onFailure(gpu, failure));
  }

  /** The processes on every GPU that supports it, also with a registered job; seconds old. */
  public Future<Map<GpuId, List<HostProcess>>> current(Snapshot snapshot) {
    Set<GpuId> gpus =
        snapshot.gpus().stream().map(gpu -> gpu.traits().id()).collect(Collectors.toSet());
    return Future.fromCompletionStage(
        recentQueries.get(
            gpus,
            (queried, executor) -> queryAll(snapshot).toCompletionStage().toCompletableFuture()));
  }

  private Future<Map<GpuId, List<HostProcess>>> queryAll(Snapshot snapshot) {
    Map<GpuId, List<HostProcess>> found = new HashMap<>();
    List<Future<List<HostProcess>>> answers =
        snapshot.gpus().stream()
            .filter(gpu -> !unsupported.contains(gpu.traits().id()))
            .map(gpu ->
                query(gpu.traits().id(), gpu.traits().simulated())
                    .onSuccess(processes -> found.put(gpu.traits().id(), processes)))
            .toList();
    return Future.join(answers).transform(done -> Future.succeededFuture(Map.copyOf(found)));
  }

  private void onFailure(GpuId gpu, Throwable failure) {
    if (failure instanceof GpuException known && known.kind() == GpuException.Kind.REFUSED) {
      unsupported.add(gpu);
    }
    store(gpu, List.of());
  }

  /** Drops what was seen of a GPU before it was lost or opened anew. */
  public void forget(GpuId gpu) {
    unsupported.remove(gpu);
    store(gpu, List.of());
  }

  private void store(GpuId gpu, List<HostProcess> processes) {
    Map<GpuId, List<HostProcess>> next = new HashMap<>(lastSeen);
    if (processes.isEmpty()) {
      next.remove(gpu);
    } else {
      next.put(gpu, List.copyOf(processes));
    }
    lastSeen = Map.copyOf(next);
  }
}
