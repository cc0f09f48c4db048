package chase.daemon.control;

import chase.daemon.api.NotificationBody;
import chase.daemon.api.StatusBody;
import chase.daemon.bodies.GpuBodies;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.host.SocketPeer;
import chase.daemon.http.RawConnection;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
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
 * The clients of {@code /v1/events}. Used on the server's event loop only.
 *
 * <p>When all streams are taken, a new client replaces one that does not read, else the oldest one
 * of the user who has the most: no client keeps others out by opening streams.
 */
final class EventRoutes {
  private final Topic<Notification> notifications;
  private final int maxStreams;
  private final Set<EventStream> open = new LinkedHashSet<>();
  private Optional<MessageConsumer<Notification>> subscription = Optional.empty();

  /** Streams {@code notifications} to at most {@code maxStreams} clients. */
  EventRoutes(Topic<Notification> notifications, int maxStreams) {
    this.notifications = notifications;
    this.maxStreams = maxStreams;
  }

  /** From now on notifications are sent to the clients, on {@code here}. */
  void start(Context here) {
    subscription =
        Optional.of(
            notifications.subscribe(notification ->
                here.runOnContext(
                    now -> List.copyOf(open).forEach(stream -> stream.send(notification)))));
  }

  /** Sends {@code hello} and then every notification. */
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

  /** Ends every stream with {@code reason}; nothing is sent after that. */
  void stop(String reason) {
    subscription.ifPresent(MessageConsumer::unregister);
    List.copyOf(open).forEach(stream -> stream.close(reason));
  }

  /** One client of {@code /v1/events}, served as long as it keeps up. */
  static final class EventStream {
    /** What may wait for a slow reader, besides the kernel's own buffers. */
    static final int QUEUE_BYTES = 64 * 1024;

    private static final String TOO_SLOW = "this client reads too slowly";
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final String user;
    private final Function<Object, String> json;

    /** What was sent and has not gone out to the client yet. */
    private int waiting;

    /** The same when it was last looked at, without anything having gone out since. */
    private boolean stuck;

    EventStream(
        Vertx vertx, HttpServerRequest request, String user, Function<Object, String> json) {
      this.vertx = vertx;
      this.request = request;
      this.user = user;
      this.json = json;
      this.response =
          request
              .response()
              .setChunked(true)
              .setWriteQueueMaxSize(QUEUE_BYTES)
              .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
              .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    String user() {
      return user;
    }

    /** Whether the client has taken all that it was sent. */
    boolean isDrained() {
      return waiting == 0;
    }

    void hello(StatusBody status) {
      write(event("hello", status));
    }

    void send(Notification notification) {
      NotificationBody body = GpuBodies.notification(notification);
      write(event(body.kind(), body));
    }

    /** A client that has taken nothing since the last beat does not read. */
    void heartbeat() {
      if (stuck) {
        close(TOO_SLOW);
      } else {
        write(": heartbeat\n\n");
        stuck = waiting > 0;
      }
    }

    /** Sends the reason and closes, a little later also where the client does not read. */
    void close(String reason) {
      if (!response.ended() && !response.closed()) {
        long timer =
            vertx.setTimer(
                CLOSE_TIMEOUT.toMillis(), late -> RawConnection.close(request.connection()));
        response
            .end(event("end", Map.of("reason", reason)))
            .onComplete(left -> vertx.cancelTimer(timer));
      }
    }

    private void write(String text) {
      if (response.ended() || response.closed()) {
        return;
      }
      if (response.writeQueueFull()) {
        close(TOO_SLOW);
        return;
      }
      waiting++;
      response
          .write(text)
          .onComplete(gone -> {
            waiting--;
            stuck = false;
          });
    }

    private String event(String name, Object body) {
      return "event: %s\ndata: %s\n\n".formatted(name, json.apply(body));
    }
  }
}
