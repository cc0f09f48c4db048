package chase.daemon.control;

import chase.daemon.api.StatusBody;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.host.SocketPeer;
import io.vertx.core.Context;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everyone who follows {@code /v1/events}. Used on the server's event loop only.
 *
 * <p>When all places are taken, a newcomer gets that of a client who does not read, else the oldest
 * one of the user who has the most: nobody keeps others out by opening streams.
 */
final class EventRoutes {
  private final Topic<Notification> notices;
  private final int maxStreams;
  private final Set<EventStream> open = new LinkedHashSet<>();
  private Optional<MessageConsumer<Notification>> subscription = Optional.empty();

  /** Lets at most {@code most} clients follow {@code notices}. */
  EventRoutes(Topic<Notification> notices, int most) {
    this.notices = notices;
    this.maxStreams = most;
  }

  /** From now on followers are told, on {@code here}, wherever notices come from. */
  void start(Context here) {
    subscription =
        Optional.of(
            notices.subscribe(notice ->
                here.runOnContext(
                    now -> List.copyOf(open).forEach(stream -> stream.send(notice)))));
  }

  /** Sends {@code hello} and then every notice. */
  void open(RoutingContext context, Function<Object, String> json, StatusBody hello) {
    if (open.size() >= maxStreams) {
      EventStream leaving = streamToClose();
      open.remove(leaving);
      leaving.close(
          String.format(
              Locale.ROOT, "others want to follow, and %d is all there may be", maxStreams));
    }
    String user = SocketPeer.of(context.request().connection()).map(SocketPeer::user).orElse("");
    EventStream stream = new EventStream(context.vertx(), context.request(), user, json);
    open.add(stream);
    context.response().closeHandler(closed -> open.remove(stream));
    stream.hello(hello);
  }

  private EventStream streamToClose() {
    Map<String, Long> count =
        open.stream().collect(Collectors.groupingBy(EventStream::user, Collectors.counting()));
    return open.stream()
        .min(
            Comparator.comparing(EventStream::isDrained)
                .thenComparingLong(stream -> -count.getOrDefault(stream.user(), 0L)))
        .orElseThrow();
  }

  /** Keeps idle connections alive, and ends those whose clients do not read. */
  void heartbeat() {
    List.copyOf(open).forEach(EventStream::heartbeat);
  }

  /** Ends every stream with {@code reason}; nobody is told anything after that. */
  void stop(String reason) {
    subscription.ifPresent(MessageConsumer::unregister);
    List.copyOf(open).forEach(stream -> stream.close(reason));
  }
}
