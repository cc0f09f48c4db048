package chase.daemon.access;

import chase.daemon.host.HostProcess;
import chase.daemon.host.SocketPeer;
import chase.zeus.gpu.GpuId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whose processes compute on GPUs, which decides what somebody with role job may do there.
 *
 * @param computing the processes on each GPU, as far as the driver shows them
 */
public record GpuUse(Map<GpuId, List<HostProcess>> computing) {
  /** The process that simulated GPUs show. */
  private static final long OURSELVES = ProcessHandle.current().pid();

  /** How a caller stands to a GPU. */
  public enum Standing {
    /** A process of theirs computes there, whoever else's does. */
    COMPUTES,
    /** No process is shown there. */
    IDLE
  }

  /**
   * How {@code caller} stands to a GPU.
   *
   * @param index what the caller calls it
   * @throws AccessDenied when only other users compute there
   */
  public Standing standing(Caller caller, GpuId gpu, int index) {
    TreeSet<String> users = new TreeSet<>();
    computing.getOrDefault(gpu, List.of()).stream()
        .filter(process -> process.pid() != OURSELVES)
        .forEach(process -> users.add(process.user()));
    if (users.isEmpty()) {
      return Standing.IDLE;
    }
    if (caller.peer().map(SocketPeer::user).filter(users::contains).isPresent()) {
      return Standing.COMPUTES;
    }
    throw caller.denied(
        String.format(
            Locale.ROOT,
            "GPU %d is used by %s and not by you; this needs %s",
            index,
            String.join(", ", users),
            Role.OPERATOR.word()));
  }

  /** Why a GPU on which nobody computes is not the caller's to set, or empty where it is. */
  public static Optional<String> whyNotYours(Standing standing, Caller caller, int index) {
    return switch (standing) {
      case COMPUTES -> Optional.empty();
      case IDLE ->
          Optional.of(
              String.format(
                  Locale.ROOT,
                  "GPU %d shows no process of %s: with role %s only a GPU on which one computes is"
                      + " set",
                  index,
                  caller.name(),
                  Role.JOB.word()));
    };
  }
}
