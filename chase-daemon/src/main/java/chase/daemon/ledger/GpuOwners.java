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

/** The owner of each GPU at one moment; immutable. */
public final class GpuOwners {
  private static final Comparator<HostProcess> OLDEST_FIRST =
      Comparator.comparing(HostProcess::startedAfterBoot).thenComparingLong(HostProcess::pid);

  /** A simulated GPU lists the daemon, which is nobody's job. */
  private static final long OURSELVES = ProcessHandle.current().pid();

  private final Snapshot snapshot;
  private final Map<GpuId, List<HostProcess>> processes;
  private final List<GpuOwner> anonymous;

  /**
   * The owners that follow from both.
   *
   * @param snapshot the engine's state, with the jobs that registered
   * @param processes the processes that compute on each GPU, where that is known
   */
  public GpuOwners(Snapshot snapshot, Map<GpuId, List<HostProcess>> processes) {
    this.snapshot = snapshot;
    this.processes = Map.copyOf(processes);
    this.anonymous = anonymous(snapshot, this.processes);
  }

  private static List<GpuOwner> anonymous(
      Snapshot snapshot, Map<GpuId, List<HostProcess>> processes) {
    Map<HostProcess, List<GpuId>> byProcess = new LinkedHashMap<>();
    for (GpuView view : snapshot.gpus()) {
      GpuId gpu = view.traits().id();
      if (snapshot.jobOn(gpu).isEmpty()) {
        processes.getOrDefault(gpu, List.of()).stream()
            .filter(process -> process.pid() != OURSELVES)
            .min(OLDEST_FIRST)
            .ifPresent(
                process -> byProcess.computeIfAbsent(process, first -> new ArrayList<>()).add(gpu));
      }
    }
    return byProcess.entrySet().stream()
        .map(entry -> GpuOwner.of(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The engine's state. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** The processes that compute on each GPU, where that is known. */
  public Map<GpuId, List<HostProcess>> processes() {
    return processes;
  }

  /** The job that registered for {@code gpu}, else the anonymous one there, if any. */
  public Optional<GpuOwner> ownerOf(GpuId gpu) {
    return snapshot
        .jobOn(gpu)
        .map(GpuOwner::of)
        .or(() -> anonymous.stream().filter(job -> job.gpus().contains(gpu)).findFirst());
  }

  /**
   * The anonymous jobs: without a registration, GPUs with the same oldest process are one job's.
   */
  public List<GpuOwner> anonymous() {
    return anonymous;
  }
}
