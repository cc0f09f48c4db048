package chase.daemon.page;

import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import java.util.ArrayList;
import java.util.List;

/** The last notifications; any thread may read them. */
public final class RecentEvents {
  private static final int MAX = 100;

  private volatile List<Notification> newestFirst = List.of();

  /** None yet; from now on each of {@code notifications}. */
  public RecentEvents(Topic<Notification> notifications) {
    notifications.subscribe(this::add);
  }

  /** On the one context of the subscription. */
  private void add(Notification notification) {
    List<Notification> next = new ArrayList<>(MAX);
    next.add(notification);
    newestFirst.stream().limit(MAX - 1).forEach(next::add);
    newestFirst = List.copyOf(next);
  }

  List<Notification> newestFirst() {
    return newestFirst;
  }
}
