package chase.daemon.page;

import chase.daemon.api.GpuBody;
import chase.zeus.engine.Lease;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Takes the names of users out, where the page is not to name them. */
final class UserNames {
  private static final String SOMEBODY = "a user";

  /** What texts about a lease say beside the name. */
  private static final List<String> LEASED = List.of("leased by ", " holds a lease ");

  private UserNames() {}

  /** A GPU without the holder of its lease. */
  static GpuBody withoutHolder(GpuBody gpu) {
    return new GpuBody(
        gpu.device(),
        gpu.policy(),
        gpu.work(),
        withoutHolder(gpu.decision()),
        gpu.contact(),
        gpu.powerLimit(),
        gpu.reading(),
        gpu.energy(),
        gpu.rejectedReadings(),
        gpu.emissions(),
        gpu.writes());
  }

  private static GpuBody.Decision withoutHolder(GpuBody.Decision decision) {
    return new GpuBody.Decision(
        decision.reason(),
        decision.until(),
        decision.pausedSince(),
        decision.pending(),
        decision
            .lease()
            .map(lease ->
                new GpuBody.LeaseBody(
                    SOMEBODY, Optional.empty(), lease.limitWatts(), lease.until())));
  }

  /** A text that does not name who holds a lease. */
  static String withoutHolders(String text, Collection<Lease> leases) {
    String hidden = text;
    for (Lease lease : leases) {
      hidden = hidden.replace(lease.holder().toString(), SOMEBODY);
    }
    return hidden;
  }

  /** Whether a past event's text names who held a lease. */
  static boolean isIn(String text) {
    return LEASED.stream().anyMatch(text::contains);
  }
}
