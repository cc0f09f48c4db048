package chase.daemon.zeusd;

import chase.daemon.governor.Governor;
import chase.daemon.host.ProcessTable;
import chase.daemon.host.SocketPeer;
import chase.zeus.engine.Event;
import chase.zeus.engine.Lease;
import chase.zeus.gpu.GpuId;
import io.vertx.core.http.HttpConnection;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Who holds leases, and whether their processes still run: a lease ends with its process. A process
 * that cannot be seen is not watched. Any thread may call.
 */
final class LeaseHolders {
  private static final Lease.Holder UNKNOWN = new Lease.Holder("somebody", Optional.empty());

  private final Governor governor;
  private final InstantSource clock;
  private final ProcessTable table = new ProcessTable(ProcessTable.SYSTEM);
  private final Map<GpuId, ProcessHandle> processes;

  LeaseHolders(Governor governor, InstantSource clock) {
    this.governor = governor;
    this.clock = clock;
    this.processes = governor.watched().holders();
  }

  static Lease.Holder of(HttpConnection connection) {
    return SocketPeer.of(connection)
        .map(peer -> new Lease.Holder(peer.user(), peer.pid()))
        .orElse(UNKNOWN);
  }

  /**
   * The process that opened the connection; empty where it cannot be seen. The handle knows the
   * process's start, so that a later one of the same number is another; one that is gone already
   * ends the lease at the next look.
   */
  static Optional<ProcessHandle> process(HttpConnection connection) {
    return SocketPeer.of(connection).flatMap(SocketPeer::process);
  }

  /** From now on the GPU's lease ends with {@code process}, if with any. */
  void watch(GpuId gpu, Optional<ProcessHandle> process) {
    process.ifPresentOrElse(alive -> processes.put(gpu, alive), () -> processes.remove(gpu));
  }

  /** Ends the leases of processes that are gone. */
  void endLeasesOfEndedProcesses() {
    Map.copyOf(processes)
        .forEach((gpu, process) -> {
          if (!table.runs(process)) {
            processes.remove(gpu);
            end(gpu, process.pid());
          }
        });
  }

  private void end(GpuId gpu, long pid) {
    boolean still =
        governor
            .snapshot()
            .leaseOn(gpu)
            .filter(lease -> lease.holder().pid().equals(Optional.of(pid)))
            .isPresent();
    if (still) {
      governor.command(new Event.LeaseEnded(gpu, clock.instant()));
    }
  }
}
