package chase.daemon.control;

import chase.daemon.api.StatusBody;
import chase.daemon.bus.Notice;
import chase.daemon.bus.Topic;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Everyone who follows {@code /v1/events}. Used on the server's event loop only. */
final class EventStreams {
  private final Topic<Notice> notices;
  private final int most;
  private final Set<EventStream> open = new HashSet<>();

  /** Lets at most {@code most} clients follow {@code notices}. */
  EventStreams(Topic<Notice> notices, int most) {
    this.notices = notices;
    this.most = most;
  }

  /**
   * Sends {@code hello} and then every notice.
   *
   * @throws ApiFailure 503 when too many follow already
   */
  void open(RoutingContext context, Function<Object, String> json, StatusBody hello) {
    if (open.size() >= most) {
      throw new ApiFailure(
          503, "too_many_clients", "%d clients follow the events, and that is all".formatted(most));
    }
    EventStream stream = new EventStream(context.vertx(), context.request(), json);
    open.add(stream);
    var subscription = notices.subscribe(stream::tell);
    context
        .response()
        .closeHandler(closed -> {
          open.remove(stream);
          subscription.unregister();
        });
    stream.hello(hello);
  }

  /** Keeps idle connections alive, and finds the dead ones among them. */
  void beat() {
    List.copyOf(open).forEach(EventStream::beat);
  }

  /** Ends every stream with {@code reason}. */
  void end(String reason) {
    List.copyOf(open).forEach(stream -> stream.end(reason));
  }
}
