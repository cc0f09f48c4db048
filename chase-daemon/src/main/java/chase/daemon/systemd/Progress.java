package chase.daemon.systemd;

import java.time.Instant;
import java.util.Optional;

/** Tells progress from standing still. Ask from one thread only. */
final class Progress {
  private Optional<Instant> seen = Optional.empty();

  /** Whether the last step of the work is another one than when this was last asked. */
  boolean madeSince(Optional<Instant> lastStep) {
    boolean moved = lastStep.isPresent() && !lastStep.equals(seen);
    seen = lastStep;
    return moved;
  }
}
