package chase.daemon.control;

import chase.daemon.governor.Governor;
import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import chase.daemon.host.SocketPeer;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which GPUs a process computes on: those of itself and of the processes that it started, else
 * those of the nearest process that it comes from, of the same user and session. Reads the process
 * table and so blocks.
 *
 * @param table the processes of this host
 * @param computing the processes that compute on each GPU
 */
record ProcessGpus(ProcessTable table, Map<GpuId, List<HostProcess>> computing) {
  /** The parent of all, which is in no job. */
  private static final long FIRST_PROCESS = 1;

  private static final String ROOT = "root";

  /**
   * A process and its GPUs.
   *
   * @param gpus its GPUs
   * @param user its owner
   * @param uid the number of the same user, where that is the one who asks
   * @param process the process, where the job named one
   */
  record JobOwner(
      List<GpuId> gpus,
      Optional<String> user,
      Optional<Long> uid,
      Optional<ProcessHandle> process) {
    /** The owner that {@code peer} is, with GPUs that they name. */
    static JobOwner of(List<GpuId> gpus, Optional<SocketPeer> peer) {
      return new JobOwner(
          gpus, peer.map(SocketPeer::user), peer.flatMap(SocketPeer::uid), Optional.empty());
    }
  }

  /**
   * The GPUs of the process that {@code peer} calls {@code pid}.
   *
   * @throws ApiException 422 when it has none, does not exist or is another user's
   */
  JobOwner of(long pid, Optional<SocketPeer> peer) {
    List<ProcessTable.Ancestor> lineage = lineage(pid, peer);
    ProcessTable.Ancestor self = lineage.getFirst();
    List<GpuId> own = gpus(process -> comesFrom(process, self.pid()));
    List<GpuId> gpus = own.isEmpty() ? ofAncestor(lineage) : own;
    if (gpus.isEmpty()) {
      throw new ApiException(
          422,
          "no_gpus",
          String.format(
              Locale.ROOT,
              "no GPU shows process %d, or one that it started or comes from; it may not have begun"
                  + " to compute, or the driver does not show it: name the GPUs in 'gpus'",
              pid));
    }
    return owner(self, gpus, peer);
  }

  /**
   * The process that {@code peer} calls {@code pid}, with the GPUs that it says it has.
   *
   * @throws ApiException 422 when it does not exist or is another user's
   */
  JobOwner with(List<GpuId> gpus, long pid, Optional<SocketPeer> peer) {
    return owner(lineage(pid, peer).getFirst(), gpus, peer);
  }

  private static JobOwner owner(
      ProcessTable.Ancestor process, List<GpuId> gpus, Optional<SocketPeer> peer) {
    return new JobOwner(
        gpus,
        Optional.of(process.user()),
        peer.filter(caller -> caller.user().equals(process.user())).flatMap(SocketPeer::uid),
        ProcessHandle.of(process.pid()));
  }

  /** The process and those that it comes from, once {@code peer} may name it. */
  private List<ProcessTable.Ancestor> lineage(long pid, Optional<SocketPeer> peer) {
    if (peer.flatMap(SocketPeer::process).filter(caller -> !caller.isAlive()).isPresent()) {
      // Its id may be another's by now, and with it all that is known of where it comes from.
      throw new ApiException(
          409, "asker_ended", "the process that opened this connection has ended: connect anew");
    }
    List<ProcessTable.Ancestor> lineage = table.lineage(hostPid(pid, peer));
    if (pid <= FIRST_PROCESS || lineage.isEmpty()) {
      throw new ApiException(
          422,
          "bad_value",
          String.format(Locale.ROOT, "field 'pid': there is no process %d to be seen", pid));
    }
    ProcessTable.Ancestor self = lineage.getFirst();
    if (peer.filter(caller -> !mayNameProcessOf(self.user(), caller)).isPresent()) {
      throw new ApiException(
          422,
          "bad_value",
          String.format(Locale.ROOT, "field 'pid': process %d is another user's", pid));
    }
    return lineage;
  }

  private static boolean mayNameProcessOf(String user, SocketPeer caller) {
    return caller.user().equals(user) || caller.user().equals(ROOT);
  }

  /** A client in a container calls its processes otherwise than we do; the kernel knows both. */
  private long hostPid(long pid, Optional<SocketPeer> peer) {
    Optional<Long> caller = peer.flatMap(SocketPeer::pid);
    if (caller.isEmpty() || table.idsOf(caller.get()).size() < 2) {
      return pid;
    }
    return table.lineage(caller.get()).stream()
        .filter(ancestor -> isCalled(pid, ancestor))
        .findFirst()
        .map(ProcessTable.Ancestor::pid)
        .orElseThrow(() ->
            new ApiException(
                422,
                "bad_value",
                String.format(
                    Locale.ROOT,
                    "field 'pid': in a container only the calling process and those that it comes"
                        + " from can be named, and %d is none of them; name the GPUs in 'gpus'",
                    pid)));
  }

  private boolean isCalled(long pid, ProcessTable.Ancestor ancestor) {
    List<Long> ids = table.idsOf(ancestor.pid());
    return ids.size() > 1 && ids.getLast() == pid;
  }

  private boolean comesFrom(HostProcess process, long ancestor) {
    return table.lineage(process.pid()).stream().anyMatch(one -> one.pid() == ancestor);
  }

  private List<GpuId> ofAncestor(List<ProcessTable.Ancestor> lineage) {
    ProcessTable.Ancestor self = lineage.getFirst();
    return lineage.stream()
        .skip(1)
        .takeWhile(
            ancestor -> ancestor.user().equals(self.user()) && ancestor.session() == self.session())
        .map(ancestor -> gpus(process -> process.pid() == ancestor.pid()))
        .filter(gpus -> !gpus.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private List<GpuId> gpus(Predicate<HostProcess> condition) {
    return computing.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(condition))
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparing(GpuId::uuid))
        .toList();
  }

  /**
   * Finds the GPUs of processes.
   *
   * @param governor knows the processes that compute on GPUs
   * @param table the processes of this host
   */
  record Finder(Governor governor, ProcessTable table) {
    /**
     * What the process that {@code peer} calls {@code pid} has; fails with {@link ApiException}.
     *
     * @param gpus its GPUs, where they are named; otherwise those on which it computes
     */
    Future<ProcessGpus.JobOwner> of(
        Vertx vertx, long pid, Optional<List<GpuId>> gpus, Optional<SocketPeer> peer) {
      return gpus.map(named ->
              vertx.executeBlocking(
                  () -> new ProcessGpus(table, Map.of()).with(named, pid, peer), false))
          .orElseGet(() ->
              governor
                  .processes()
                  .compose(computing ->
                      vertx.executeBlocking(
                          () -> new ProcessGpus(table, computing).of(pid, peer), false)));
    }
  }
}
