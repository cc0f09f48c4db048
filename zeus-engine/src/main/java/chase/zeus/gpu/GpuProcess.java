package chase.zeus.gpu;

import java.util.Optional;

/**
 * A process that computes on a GPU.
 *
 * @param pid its id as the driver counts processes, which is the host's and not a container's
 * @param memoryBytes the GPU memory that it uses, empty where the driver does not report it
 */
public record GpuProcess(long pid, Optional<Long> memoryBytes) {
  /** Refuses a pid that no process has with {@link IllegalArgumentException}. */
  public GpuProcess {
    if (pid <= 0) {
      throw new IllegalArgumentException("no process has the id " + pid);
    }
  }
}
