package chase.zeus.gpu;

import java.util.OptionalLong;

/**
 * A process that computes on a card.
 *
 * @param pid its id as the driver counts processes, which is the host's and not a container's
 * @param memoryBytes the card's memory that it uses, empty where the driver does not tell
 */
public record GpuProcess(long pid, OptionalLong memoryBytes) {
  /** Refuses a pid that no process has with {@link IllegalArgumentException}. */
  public GpuProcess {
    if (pid <= 0) {
      throw new IllegalArgumentException("no process has the id " + pid);
    }
  }
}
