package chase.daemon.gpu;

import chase.daemon.host.HostProcess;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Which processes compute on GPUs for which no job registered. A card that does not tell is asked
 * once, and again when it was opened anew. Used on one context; any thread may read what was seen.
 */
public final class GpuProcesses {
  /** Nobody needs it newer, and drivers are not to be asked often. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final BiFunction<GpuId, Boolean, Future<List<HostProcess>>> query;
  private final Set<GpuId> unsupported = new HashSet<>();
  private volatile Map<GpuId, List<HostProcess>> lastSeen = Map.of();

  /** All cards asked at once, by which there are. */
  private final AsyncCache<Set<GpuId>, Map<GpuId, List<HostProcess>>> recentQueries;

  /**
   * Nothing seen yet.
   *
   * @param question asks a card, simulated or not, for its processes; fails with {@link
   *     GpuException}
   */
  public GpuProcesses(
      BiFunction<GpuId, Boolean, Future<List<HostProcess>>> question, InstantSource clock) {
    this.query = question;
    this.recentQueries =
        Caffeine.newBuilder()
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .expireAfterWrite(FRESH)
            .maximumSize(1)
            .buildAsync();
  }

  /** The processes that compute on each GPU, as far as seen. */
  public Map<GpuId, List<HostProcess>> lastSeen() {
    return lastSeen;
  }

  /** Looks at every GPU for which no job registered; of the others nothing is remembered. */
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
        .onFailure(trouble -> onFailure(gpu, trouble));
  }

  /** The processes on every GPU that tells, also where a job registered; a few seconds old. */
  public Future<Map<GpuId, List<HostProcess>>> current(Snapshot snapshot) {
    Set<GpuId> gpus =
        snapshot.gpus().stream().map(gpu -> gpu.traits().id()).collect(Collectors.toSet());
    return Future.fromCompletionStage(
        recentQueries.get(
            gpus,
            (asked, executor) -> queryAll(snapshot).toCompletionStage().toCompletableFuture()));
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

  private void onFailure(GpuId gpu, Throwable trouble) {
    if (trouble instanceof GpuException known && known.kind() == GpuException.Kind.REFUSED) {
      unsupported.add(gpu);
    }
    store(gpu, List.of());
  }

  /** What was seen of a card before it was lost, or opened anew, says nothing any more. */
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
