package chase.zeus.engine;

import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/**
 * A lease of one GPU by a process on this host. Chase sets the limit that the process requests and
 * decides nothing there while the lease lasts.
 *
 * @param limit the requested limit; empty for a request of something else than a limit
 * @param holder the holder
 * @param until when it ends unless it is renewed
 */
public record Lease(Optional<Watts> limit, Holder holder, Instant until) {
  /**
   * The holder of a lease.
   *
   * @param user the name of the user
   * @param pid the process, where known; the lease ends with it
   */
  public record Holder(String user, Optional<Long> pid) {
    /** Such as {@code alice (process 4711)}. */
    @Override
    public String toString() {
      return pid.isPresent() ? user + " (process " + pid.get() + ")" : user;
    }
  }
}
