package chase.daemon;

import chase.daemon.host.HostProcess;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Which processes compute on GPUs for which no job registered. A card that does not tell is asked
 * once, and again when it was opened anew. Used on one context; any thread may read what was seen.
 */
final class ProcessWatch {
  private final BiFunction<GpuId, Boolean, Future<List<HostProcess>>> question;
  private final Set<GpuId> silent = new HashSet<>();
  private volatile Map<GpuId, List<HostProcess>> seen = Map.of();

  /**
   * Nothing seen yet.
   *
   * @param question asks a card, simulated or not, for its processes; fails with {@link
   *     GpuException}
   */
  ProcessWatch(BiFunction<GpuId, Boolean, Future<List<HostProcess>>> question) {
    this.question = question;
  }

  /** The processes that compute on each GPU, as far as seen. */
  Map<GpuId, List<HostProcess>> seen() {
    return seen;
  }

  /** Looks at every GPU for which no job registered. */
  void look(Snapshot snapshot) {
    snapshot.gpus().stream()
        .filter(gpu -> snapshot.jobOn(gpu.traits().id()).isEmpty())
        .filter(gpu -> !silent.contains(gpu.traits().id()))
        .forEach(gpu -> ask(gpu.traits().id(), gpu.traits().simulated()));
  }

  private void ask(GpuId gpu, boolean simulated) {
    question
        .apply(gpu, simulated)
        .onSuccess(processes -> keep(gpu, processes))
        .onFailure(trouble -> notTold(gpu, trouble));
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
