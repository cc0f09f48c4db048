package chase.daemon.control;

import chase.daemon.host.ProcessTable;
import chase.daemon.host.SocketPeer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * Finds the GPUs of processes.
 *
 * @param processes the processes that compute on GPUs
 * @param table the processes of this host
 */
record JobOwners(Processes processes, ProcessTable table) {
  /** What the process that {@code peer} calls {@code pid} has; fails with {@link ApiException}. */
  Future<ProcessGpus.JobOwner> of(Vertx vertx, long pid, Optional<SocketPeer> peer) {
    return processes
        .now()
        .compose(computing ->
            vertx.executeBlocking(() -> new ProcessGpus(table, computing).of(pid, peer), false));
  }
}
