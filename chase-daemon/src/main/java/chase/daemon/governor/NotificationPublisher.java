package chase.daemon.governor;

import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.explain.NotificationText;
import chase.daemon.explain.PersistenceText;
import chase.daemon.grid.GridState;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Logs and publishes what the engine's events mean to people. Used on the governor's context. */
public final class NotificationPublisher {
  private static final Logger LOG = System.getLogger(GovernorVerticle.class.getName());

  private final Topic<Notification> topic;
  private final Supplier<GridState> grid;
  private final Map<GpuId, String> lastTexts = new HashMap<>();

  /** The GPUs of which it was said that the driver may forget their limits, where it may. */
  private final Set<GpuId> lookedAt = new HashSet<>();

  /**
   * Nothing published yet.
   *
   * @param grid what is known of the grid, for reasons; from memory
   */
  public NotificationPublisher(Topic<Notification> topic, Supplier<GridState> grid) {
    this.topic = topic;
    this.grid = grid;
  }

  /** Publishes what one event changed. */
  void publish(Event event, Snapshot before, Snapshot after) {
    NotificationText.of(event, before, after, grid)
        .forEach(notification -> publish(notification, after));
    if (event instanceof Event.ReadingTaken taken) {
      after
          .gpu(taken.gpu())
          .filter(gpu -> lookedAt.add(gpu.traits().id()))
          .ifPresent(
              gpu -> PersistenceText.warning(gpu).ifPresent(line -> LOG.log(Level.WARNING, line)));
    }
  }

  /** A failure that repeats itself is logged once, until something else happens to its GPU. */
  private void publish(Notification notification, Snapshot after) {
    Optional<String> last =
        notification
            .gpu()
            .flatMap(gpu -> Optional.ofNullable(lastTexts.put(gpu, notification.text())));
    if (notification.kind() == Notification.NotificationKind.FAILURE
        && last.filter(notification.text()::equals).isPresent()) {
      return;
    }
    LOG.log(level(notification, after), notification.text());
    topic.publish(notification);
  }

  private static Level level(Notification notification, Snapshot after) {
    return switch (notification.kind()) {
      case FAILURE, FOREIGN -> Level.WARNING;
      case GPU -> isAnswering(notification, after) ? Level.INFO : Level.WARNING;
      case SIGNAL, LIMIT, COMMAND, JOB, CONFIG -> Level.INFO;
    };
  }

  private static boolean isAnswering(Notification notification, Snapshot after) {
    return notification.gpu().flatMap(after::gpu).filter(gpu -> !gpu.contact().answers()).isEmpty();
  }
}
