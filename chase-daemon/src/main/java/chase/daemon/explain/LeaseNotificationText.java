package chase.daemon.explain;

import chase.daemon.events.Notification;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Reason;
import chase.zeus.engine.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells when somebody begins to drive a GPU himself, and when that ends; a pure function. */
final class LeaseNotificationText {
  private LeaseNotificationText() {}

  /** The notices of one event; a renewal is none. */
  static List<Notification> of(Event event, Snapshot before, Snapshot after) {
    return before.leases().equals(after.leases())
        ? List.of()
        : after.gpus().stream().flatMap(gpu -> change(event, gpu, before, after)).toList();
  }

  private static Stream<Notification> change(
      Event event, GpuView gpu, Snapshot before, Snapshot after) {
    Optional<Lease> was = before.leaseOn(gpu.traits().id());
    Optional<Lease> is = after.leaseOn(gpu.traits().id());
    if (was.map(Lease::holder).equals(is.map(Lease::holder))) {
      return Stream.empty();
    }
    String name = NotificationText.name(after, gpu.traits().id());
    String text =
        is.map(lease -> name + begun(lease, gpu, after))
            .orElseGet(() -> name + " is no longer driven by " + was.orElseThrow().holder());
    return Stream.of(
        new Notification(
            event.at(),
            Notification.Kind.COMMAND,
            Optional.of(gpu.traits().id()),
            Optional.empty(),
            Optional.empty(),
            text));
  }

  /** An operator goes first: what the holder asks for is kept until then. */
  private static String begun(Lease lease, GpuView gpu, Snapshot after) {
    String limit = lease.limit().map(watts -> " at " + watts).orElse("");
    return after.paused() || gpu.reason() instanceof Reason.Overridden
        ? " will be driven by %s%s, but not yet: %s"
            .formatted(lease.holder(), limit, ShortReasonText.of(gpu, after))
        : " is driven by %s now".formatted(lease.holder());
  }
}
