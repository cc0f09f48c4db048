package chase.daemon.ledger;

import chase.daemon.host.HostProcess;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who uses which GPU at one moment.
 *
 * @param snapshot the engine's state, with the jobs that registered
 * @param processes the processes that compute on each GPU, where that is known
 */
public record Tenants(Snapshot snapshot, Map<GpuId, List<HostProcess>> processes) {
  private static final Comparator<HostProcess> OLDEST_FIRST =
      Comparator.comparing(HostProcess::startedAfterBoot).thenComparingLong(HostProcess::pid);

  /** Copies the map. */
  public Tenants {
    processes = Map.copyOf(processes);
  }

  /** The job that registered for {@code gpu}, else the anonymous one there, if any. */
  public Optional<Tenant> on(GpuId gpu) {
    return snapshot
        .jobOn(gpu)
        .map(Tenant::of)
        .or(() -> oldest(gpu).flatMap(process -> anonymousOn(gpu)));
  }

  private Optional<Tenant> anonymousOn(GpuId gpu) {
    return anonymous().stream().filter(job -> job.gpus().contains(gpu)).findFirst();
  }

  /**
   * The anonymous jobs: where nobody registered, GPUs with the same oldest process are one job's.
   */
  public List<Tenant> anonymous() {
    Map<HostProcess, List<GpuId>> byProcess = new LinkedHashMap<>();
    for (GpuView view : snapshot.gpus()) {
      GpuId gpu = view.traits().id();
      if (snapshot.jobOn(gpu).isEmpty()) {
        oldest(gpu)
            .ifPresent(
                process -> byProcess.computeIfAbsent(process, first -> new ArrayList<>()).add(gpu));
      }
    }
    return byProcess.entrySet().stream()
        .map(entry -> Tenant.of(entry.getKey(), entry.getValue()))
        .toList();
  }

  private Optional<HostProcess> oldest(GpuId gpu) {
    return processes.getOrDefault(gpu, List.of()).stream().min(OLDEST_FIRST);
  }
}
