package chase.daemon.explain;

import chase.daemon.events.Notification;
import chase.daemon.grid.GridState;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Reason;
import chase.zeus.engine.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** When a lease of a GPU begins and ends, in words for people; a pure function. */
final class LeaseNotificationText {
  private LeaseNotificationText() {}

  /** The notifications of one event; a renewal is none. */
  static List<Notification> of(
      Event event, Snapshot before, Snapshot after, Supplier<GridState> grid) {
    return before.leases().equals(after.leases())
        ? List.of()
        : after.gpus().stream().flatMap(gpu -> change(event, gpu, before, after, grid)).toList();
  }

  private static Stream<Notification> change(
      Event event, GpuView gpu, Snapshot before, Snapshot after, Supplier<GridState> grid) {
    Optional<Lease> was = before.leaseOn(gpu.traits().id());
    Optional<Lease> is = after.leaseOn(gpu.traits().id());
    if (was.map(Lease::holder).equals(is.map(Lease::holder))) {
      return Stream.empty();
    }
    String name = NotificationText.name(after, gpu.traits().id());
    String text =
        is.map(lease -> name + begun(lease, gpu, after, grid))
            .orElseGet(() -> name + " is no longer leased by " + was.orElseThrow().holder());
    return Stream.of(
        Notification.of(
            event.at(),
            Notification.NotificationKind.COMMAND,
            Optional.of(gpu.traits().id()),
            text));
  }

  /** An operator goes first: the holder's limit is kept until then. */
  private static String begun(Lease lease, GpuView gpu, Snapshot after, Supplier<GridState> grid) {
    String limit = lease.limit().map(watts -> " at " + watts).orElse("");
    return after.pauses().of(gpu.traits().id()).isPresent()
            || gpu.reason() instanceof Reason.Overridden
        ? " is leased by %s%s, but that is not in force yet: %s"
            .formatted(lease.holder(), limit, LimitNotificationText.reason(gpu, after, grid))
        : " is leased by %s now".formatted(lease.holder());
  }
}
