package chase.zeus.engine;

import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A GPU that somebody on this host drives himself for a while; Chase sets what he asks for and
 * decides nothing there.
 *
 * @param limit the limit that he asked for; empty when he asked for something else than a limit
 * @param holder who
 * @param until when it ends unless he asks again
 */
public record Lease(Optional<Watts> limit, Holder holder, Instant until) {
  /**
   * Who holds a lease.
   *
   * @param user the name of the user
   * @param pid the process, where known; the lease ends with it
   */
  public record Holder(String user, OptionalLong pid) {
    /** Such as {@code alice (process 4711)}. */
    @Override
    public String toString() {
      return pid.isPresent() ? user + " (process " + pid.getAsLong() + ")" : user;
    }
  }
}
