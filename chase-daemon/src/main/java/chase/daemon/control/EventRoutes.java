package chase.daemon.control;

import chase.daemon.api.ApiJson;
import chase.daemon.api.NotificationBody;
import chase.daemon.api.StatusBody;
import chase.daemon.bodies.GpuBodies;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.http.EventStreams;
import io.vertx.core.Context;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** The clients of {@code /v1/events}. Used on the server's event loop only. */
final class EventRoutes {
  private final Topic<Notification> notifications;
  private final ResponseWriter bodies = new ResponseWriter(ApiJson.mapper());
  private final EventStreams streams;
  private Optional<MessageConsumer<Notification>> subscription = Optional.empty();

  /** Streams {@code notifications} to at most {@code max} clients. */
  EventRoutes(Topic<Notification> notifications, int max) {
    this.notifications = notifications;
    this.streams = new EventStreams(max);
  }

  /** From now on notifications are sent to the clients, on {@code here}. */
  void start(Context here) {
    subscription =
        Optional.of(
            notifications.subscribe(notification -> here.runOnContext(now -> send(notification))));
  }

  private void send(Notification notification) {
    NotificationBody body = GpuBodies.notification(notification);
    String text = bodies.json(body);
    streams.all().forEach(stream -> stream.send(body.kind(), text));
  }

  /** Sends {@code hello} and then every notification. */
  void open(RoutingContext context, StatusBody hello) {
    streams.open(context.vertx(), context.request()).send("hello", bodies.json(hello));
  }

  /** Keeps idle connections alive, and ends those whose clients do not read. */
  void heartbeat() {
    streams.heartbeat();
  }

  /** Ends every stream with {@code reason}; nothing is sent after that. */
  void stop(String reason) {
    subscription.ifPresent(MessageConsumer::unregister);
    streams.stop(reason);
  }
}
