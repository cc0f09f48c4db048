package chase.daemon;

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
final class ProcessWatch {
  /** Nobody needs it newer, and drivers are not to be asked often. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final BiFunction<GpuId, Boolean, Future<List<HostProcess>>> question;
  private final Set<GpuId> silent = new HashSet<>();
  private volatile Map<GpuId, List<HostProcess>> seen = Map.of();

  /** All cards asked at once, by which there are. */
  private final AsyncCache<Set<GpuId>, Map<GpuId, List<HostProcess>>> rounds;

  /**
   * Nothing seen yet.
   *
   * @param question asks a card, simulated or not, for its processes; fails with {@link
   *     GpuException}
   */
  ProcessWatch(
      BiFunction<GpuId, Boolean, Future<List<HostProcess>>> question, InstantSource clock) {
    this.question = question;
    this.rounds =
        Caffeine.newBuilder()
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .expireAfterWrite(FRESH)
            .maximumSize(1)
            .buildAsync();
  }

  /** The processes that compute on each GPU, as far as seen. */
  Map<GpuId, List<HostProcess>> seen() {
    return seen;
  }

  /** Looks at every GPU for which no job registered; of the others nothing is remembered. */
  void look(Snapshot snapshot) {
    for (GpuView gpu : snapshot.gpus()) {
      GpuId id = gpu.traits().id();
      if (snapshot.jobOn(id).isPresent()) {
        keep(id, List.of());
      } else if (!silent.contains(id)) {
        ask(id, gpu.traits().simulated());
      }
    }
  }

  private Future<List<HostProcess>> ask(GpuId gpu, boolean simulated) {
    return question
        .apply(gpu, simulated)
        .onSuccess(processes -> keep(gpu, processes))
        .onFailure(trouble -> notTold(gpu, trouble));
  }

  /** The processes on every GPU that tells, also where a job registered; a few seconds old. */
  Future<Map<GpuId, List<HostProcess>>> all(Snapshot snapshot) {
    Set<GpuId> gpus =
        snapshot.gpus().stream().map(gpu -> gpu.traits().id()).collect(Collectors.toSet());
    return Future.fromCompletionStage(
        rounds.get(
            gpus, (asked, executor) -> round(snapshot).toCompletionStage().toCompletableFuture()));
  }

  private Future<Map<GpuId, List<HostProcess>>> round(Snapshot snapshot) {
    Map<GpuId, List<HostProcess>> found = new HashMap<>();
    List<Future<List<HostProcess>>> answers =
        snapshot.gpus().stream()
            .filter(gpu -> !silent.contains(gpu.traits().id()))
            .map(gpu ->
                ask(gpu.traits().id(), gpu.traits().simulated())
                    .onSuccess(processes -> found.put(gpu.traits().id(), processes)))
            .toList();
    return Future.join(answers).transform(done -> Future.succeededFuture(Map.copyOf(found)));
  }

  private void notTold(GpuId gpu, Throwable trouble) {
    if (trouble instanceof GpuException known && known.kind() == GpuException.Kind.REFUSED) {
      silent.add(gpu);
    }
    keep(gpu, List.of());
  }

  /** What was seen of a card before it was lost, or opened anew, says nothing any more. */
  void forget(GpuId gpu) {
    silent.remove(gpu);
    keep(gpu, List.of());
  }

  private void keep(GpuId gpu, List<HostProcess> processes) {
    Map<GpuId, List<HostProcess>> next = new HashMap<>(seen);
    if (processes.isEmpty()) {
      next.remove(gpu);
    } else {
      next.put(gpu, List.copyOf(processes));
    }
    seen = Map.copyOf(next);
  }
}
