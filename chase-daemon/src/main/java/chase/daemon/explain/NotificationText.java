package chase.daemon.explain;

import chase.daemon.events.Notification;
import chase.daemon.events.Notification.NotificationKind;
import chase.daemon.grid.GridState;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.OriginalLimit;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.policy.PowerPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Puts the events of the engine into words for people; a pure function. */
public final class NotificationText {
  private NotificationText() {}

  /**
   * The notifications of one event.
   *
   * @param before the snapshot before the event
   * @param after the snapshot after it
   * @param grid what is known of the grid, read only where a reason is put into words
   */
  public static List<Notification> of(
      Event event, Snapshot before, Snapshot after, Supplier<GridState> grid) {
    List<Notification> notifications = new ArrayList<>(of(event, before));
    // Reports come often and change no GPU; every other event does, so that nothing is compared.
    if (!(event instanceof Event.StepsReported) || !after.gpus().equals(before.gpus())) {
      notifications.addAll(LimitNotificationText.of(event, before, after, grid));
    }
    notifications.addAll(JobNotificationText.of(event, before, after));
    notifications.addAll(LeaseNotificationText.of(event, before, after, grid));
    outdated(event, before, after).ifPresent(notifications::add);
    notifications.addAll(resumedByTime(event, before, after));
    notifications.addAll(rolledBack(event, before, after));
    return notifications;
  }

  private static List<Notification> of(Event event, Snapshot before) {
    return switch (event) {
      case Event.GpuOpened opened ->
          Stream.concat(Stream.of(opened(opened)), doubt(opened).stream()).toList();
      case Event.GpuLost lost ->
          about(lost, NotificationKind.GPU, lost.gpu(), name(before, lost.gpu()) + lost(lost));
      case Event.LimitFailed failed ->
          about(
              failed,
              NotificationKind.FAILURE,
              failed.gpu(),
              name(before, failed.gpu())
                  + " was not set to "
                  + failed.limit()
                  + ": "
                  + failed.why());
      case Event.PolicyChosen chosen ->
          policy(
              chosen,
              chosen.scope(),
              before,
              "is "
                  + words(chosen.policy())
                  + chosen
                      .confirmBy()
                      .map(end ->
                          ", and is rolled back at "
                              + ReasonText.time(end)
                              + " unless it is confirmed")
                      .orElse(""));
      case Event.PolicyConfirmed confirmed -> host(confirmed, "the policy that was tried stays");
      case Event.PolicyCleared cleared ->
          policy(
              cleared,
              cleared.scope(),
              before,
              cleared.scope() instanceof PolicyScope.WholeHost
                  ? "is the configured one again"
                  : "is that of the host again");
      case Event.OverrideSet set ->
          about(
              set,
              NotificationKind.COMMAND,
              set.gpu(),
              name(before, set.gpu())
                  + " is held at "
                  + set.limit()
                  + " until "
                  + ReasonText.time(set.until()));
      case Event.OverrideReleased released ->
          about(
              released,
              NotificationKind.COMMAND,
              released.gpu(),
              name(before, released.gpu()) + " follows the policy again");
      case Event.GpuPaused paused ->
          about(
              paused,
              NotificationKind.COMMAND,
              paused.gpu(),
              "%s is paused%s: its limit goes back"
                  .formatted(name(before, paused.gpu()), ReasonText.until(paused.until())));
      case Event.GpuResumed resumed ->
          about(
              resumed,
              NotificationKind.COMMAND,
              resumed.gpu(),
              name(before, resumed.gpu()) + " is resumed");
      case Event.Paused paused ->
          host(paused, "paused" + ReasonText.until(paused.until()) + back(before));
      case Event.Resumed resumed -> host(resumed, "resumed");
      case Event.Stopping stopping -> host(stopping, "stopping" + back(before));
      case Event.TraitsChanged changed -> changed(changed, before);
      default -> List.of();
    };
  }

  /** Nothing was set where Chase only observes. */
  private static String back(Snapshot before) {
    return before.mode() == SafetyRules.Mode.OBSERVE ? "" : ": all limits go back";
  }

  /** Such as {@code budget:0.03 (at most 3 % slower)}. */
  static String words(PowerPolicy policy) {
    return policy.spec() + policy.boundText().map(what -> " (" + what + ")").orElse("");
  }

  private static List<Notification> policy(
      Event event, PolicyScope scope, Snapshot before, String what) {
    return switch (scope) {
      case PolicyScope.WholeHost h -> host(event, "the policy " + what);
      case PolicyScope.OneGpu one ->
          about(
              event,
              NotificationKind.COMMAND,
              one.gpu(),
              "the policy of " + name(before, one.gpu()) + " " + what);
      case PolicyScope.OneJob one -> host(event, "the policy of job " + one.job() + " " + what);
    };
  }

  /** What follows the GPU's name, such as {@code is lost: no answer within 10 s}. */
  public static String lost(Event.GpuLost lost) {
    return switch (lost.how()) {
          case HUNG -> " hangs: ";
          case RELEASED -> " is left to others: ";
          case LOST, SILENT, ANSWERING -> " is lost: ";
        }
        + lost.why();
  }

  private static Notification opened(Event.GpuOpened opened) {
    String limit =
        opened
            .limits()
            .map(limits -> "limit " + limits.requested())
            .orElse("without a power limit");
    String writable = opened.traits().unwritable().map(why -> ", never written: " + why).orElse("");
    return Notification.of(
        opened.at(),
        NotificationKind.GPU,
        Optional.of(opened.traits().id()),
        "GPU "
            + opened.traits().index()
            + " is "
            + opened.traits().model()
            + ", "
            + limit
            + writable);
  }

  /** A GPU that is lost, hangs or comes back has an event of its own. */
  static Optional<Notification> contact(Event event, GpuView.GpuContact was, GpuView gpu) {
    GpuView.GpuContact now = gpu.contact();
    if (was.answers() && now.state() == GpuView.GpuContact.ContactState.SILENT) {
      String text =
          "%s has not answered since %s%s; it has no figures until it does"
              .formatted(name(gpu), now.answeredAt(), now.why().map(": "::concat).orElse(""));
      return Optional.of(
          notification(event, NotificationKind.GPU, Optional.of(gpu.traits().id()), text));
    }
    boolean back = event instanceof Event.ReadingTaken && !was.answers() && now.answers();
    return back
        ? Optional.of(
            notification(
                event,
                NotificationKind.GPU,
                Optional.of(gpu.traits().id()),
                name(gpu) + " answers again"))
        : Optional.empty();
  }

  /** A limit that may be a lowered one is used, but the floor is not a share of it. */
  private static Optional<Notification> doubt(Event.GpuOpened opened) {
    return opened
        .original()
        .filter(OriginalLimit::isDoubtful)
        .filter(own -> opened.traits().unwritable().isEmpty())
        .map(own ->
            notification(
                opened,
                NotificationKind.FAILURE,
                Optional.of(opened.traits().id()),
                String.format(
                        Locale.ROOT,
                        "GPU %d is at %s, below %s of %s, and nothing on record says who set"
                            + " it:",
                        opened.traits().index(),
                        own.limit(),
                        opened
                                .traits()
                                .defaultLimit()
                                .filter(own.floorOf()::sameLimitAs)
                                .isPresent()
                            ? "its driver's default"
                            : "its last known original limit",
                        own.floorOf())
                    + " %s is restored when Chase stops, and the floor is a share of %s"
                        .formatted(own.limit(), own.floorOf())));
  }

  private static List<Notification> changed(Event.TraitsChanged changed, Snapshot before) {
    GpuTraits now = changed.traits();
    return before
        .gpu(now.id())
        .map(GpuView::traits)
        .map(was ->
            about(
                changed,
                NotificationKind.GPU,
                now.id(),
                name(before, now.id()) + " " + change(was, now)))
        .orElse(List.of());
  }

  private static String change(GpuTraits was, GpuTraits now) {
    if (!was.unwritable().equals(now.unwritable())) {
      return now.unwritable()
          .map(why -> "is not written any more, and gets its original limit back: " + why)
          .orElse("may be written again");
    }
    return now.powerRange().equals(was.powerRange())
        ? "has another default limit: " + words(now.defaultLimit())
        : "accepts other limits: " + words(now.powerRange());
  }

  private static String words(Optional<?> fact) {
    return fact.map(Object::toString).orElse("none that it reports");
  }

  private static Optional<Notification> outdated(Event event, Snapshot before, Snapshot after) {
    boolean trusted = before.outlook().filter(o -> o.trustedAt(before.at())).isPresent();
    boolean lapsed = after.outlook().filter(o -> !o.trustedAt(after.at())).isPresent();
    return trusted && lapsed
        ? Optional.of(
            notification(
                event,
                NotificationKind.SIGNAL,
                Optional.empty(),
                "the last number is too old to act on since "
                    + after.outlook().orElseThrow().trustedUntil()))
        : Optional.empty();
  }

  /** A pause that ran out. */
  private static List<Notification> resumedByTime(Event event, Snapshot before, Snapshot after) {
    if (event instanceof Event.Resumed || event instanceof Event.GpuResumed) {
      return List.of();
    }
    List<Notification> over = new ArrayList<>();
    if (before.paused() && !after.paused()) {
      over.addAll(host(event, "the pause is over"));
    }
    before.pauses().gpus().keySet().stream()
        .filter(gpu -> !after.pauses().gpus().containsKey(gpu))
        .forEach(gpu ->
            over.addAll(
                about(
                    event,
                    NotificationKind.COMMAND,
                    gpu,
                    "the pause of " + name(before, gpu) + " is over")));
    return over;
  }

  /** A policy that nobody confirmed in time. */
  private static List<Notification> rolledBack(Event event, Snapshot before, Snapshot after) {
    return before.requests().policies().entrySet().stream()
        .filter(choice -> choice.getValue().isOverAt(after.at()))
        .flatMap(choice ->
            policy(
                event,
                choice.getKey(),
                before,
                choice.getValue().policy().spec() + " was not confirmed, and is rolled back")
                .stream())
        .toList();
  }

  private static List<Notification> host(Event event, String text) {
    return List.of(notification(event, NotificationKind.COMMAND, Optional.empty(), text));
  }

  private static List<Notification> about(
      Event event, NotificationKind kind, GpuId gpu, String text) {
    return List.of(notification(event, kind, Optional.of(gpu), text));
  }

  private static Notification notification(
      Event event, NotificationKind kind, Optional<GpuId> gpu, String text) {
    return Notification.of(event.at(), kind, gpu, text);
  }

  /** A GPU's index is shorter than its UUID, and people know it from nvidia-smi. */
  public static String name(Snapshot snapshot, GpuId id) {
    return snapshot.gpu(id).map(NotificationText::name).orElse("GPU " + id);
  }

  static String name(GpuView gpu) {
    return "GPU " + gpu.traits().index();
  }
}
