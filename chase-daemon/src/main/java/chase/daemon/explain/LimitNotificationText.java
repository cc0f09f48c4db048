package chase.daemon.explain;

import chase.daemon.events.Notification;
import chase.daemon.events.Notification.NotificationKind;
import chase.daemon.grid.GridState;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Limits that Chase or an external process changed, in words for people; a pure function. */
final class LimitNotificationText {
  private LimitNotificationText() {}

  /** The notifications of one event about GPUs that both snapshots know. */
  static List<Notification> of(
      Event event, Snapshot before, Snapshot after, Supplier<GridState> grid) {
    Map<GpuId, GpuView> known =
        before.gpus().stream()
            .collect(Collectors.toMap(gpu -> gpu.traits().id(), Function.identity()));
    List<Notification> notifications = new ArrayList<>();
    for (GpuView gpu : after.gpus()) {
      Optional<GpuView> old = Optional.ofNullable(known.get(gpu.traits().id()));
      old.flatMap(was -> foreign(event, was, gpu).or(() -> moved(event, was, gpu, after, grid)))
          .ifPresent(notifications::add);
      old.flatMap(was -> NotificationText.contact(event, was.contact(), gpu))
          .ifPresent(notifications::add);
      old.flatMap(was -> wouldMove(event, was, gpu, after, grid)).ifPresent(notifications::add);
    }
    return notifications;
  }

  private static Optional<Notification> moved(
      Event event, GpuView was, GpuView gpu, Snapshot after, Supplier<GridState> grid) {
    if (!(event instanceof Event.LimitApplied applied)
        || !applied.gpu().equals(gpu.traits().id())) {
      return Optional.empty();
    }
    Optional<Watts> from = was.limits().map(PowerLimits::requested);
    Watts to = applied.readBack().requested();
    if (gpu.counts().failed() > was.counts().failed()) {
      return Optional.of(
          Notification.of(
              event.at(),
              NotificationKind.FAILURE,
              Optional.of(applied.gpu()),
              NotificationText.name(gpu) + " is at " + to + ": " + reason(gpu, after, grid)));
    }
    String text =
        NotificationText.name(gpu)
            + from.map(watts -> " from " + watts).orElse("")
            + " to "
            + to
            + ": "
            + reason(gpu, after, grid);
    return Optional.of(
        new Notification(
            event.at(),
            NotificationKind.LIMIT,
            Optional.of(applied.gpu()),
            from,
            Optional.of(to),
            text));
  }

  /** In observe mode the decision is all there is to report. */
  private static Optional<Notification> wouldMove(
      Event event, GpuView was, GpuView gpu, Snapshot after, Supplier<GridState> grid) {
    boolean news = gpu.target().isPresent() && !gpu.target().equals(was.target());
    if (after.mode() != SafetyRules.Mode.OBSERVE || !news) {
      return Optional.empty();
    }
    String text =
        NotificationText.name(gpu)
            + " would go to "
            + gpu.target().get()
            + " (observe mode): "
            + reason(gpu, after, grid);
    return Optional.of(
        Notification.of(event.at(), NotificationKind.LIMIT, Optional.of(gpu.traits().id()), text));
  }

  private static Optional<Notification> foreign(Event event, GpuView was, GpuView gpu) {
    if (gpu.counts().foreign() == was.counts().foreign()) {
      return Optional.empty();
    }
    Optional<Watts> to = gpu.limits().map(PowerLimits::requested);
    String until =
        gpu.reason() instanceof Reason.HandsOff handsOff
            ? "; Chase leaves it alone until " + ReasonText.time(handsOff.until())
            : "";
    boolean byDefault =
        to.flatMap(limit -> gpu.traits().defaultLimit().filter(limit::sameLimitAs)).isPresent();
    String text =
        NotificationText.name(gpu)
            + (byDefault ? " has its driver's default of " : " was set to ")
            + to.map(Watts::toString).orElse("another limit")
            + (byDefault
                ? ", set by an external process or by a reset of the GPU"
                : " by an external process")
            + until;
    return Optional.of(
        new Notification(
            event.at(),
            NotificationKind.FOREIGN,
            Optional.of(gpu.traits().id()),
            was.limits().map(PowerLimits::requested),
            to,
            text));
  }

  /** Why a GPU is where it is, in the words of {@code chase explain}. */
  static String reason(GpuView gpu, Snapshot snapshot, Supplier<GridState> grid) {
    return new GpuExplanation(snapshot, gpu, grid.get(), snapshot.at()).reason().clause();
  }
}
