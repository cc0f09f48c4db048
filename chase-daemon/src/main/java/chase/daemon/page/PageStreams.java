package chase.daemon.page;

import chase.daemon.http.EventStream;
import chase.daemon.http.EventStreams;
import chase.daemon.page.PageUpdates.NewPoints;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The clients of {@code /v1/page/stream}. Each is sent what has changed since it was last sent
 * something, and only once it has taken that: one that reads slowly gets less, and holds up
 * nothing. Used on the server's event loop only.
 */
final class PageStreams {
  private static final int MAX_STREAMS = 32;

  /** A client that misses more fetches the whole history again. */
  private static final int MAX_POINTS = 60;

  private final EventStreams streams = new EventStreams(MAX_STREAMS);
  private final Map<EventStream, Sent> sent = new WeakHashMap<>();
  private final Deque<NewPoints> recent = new ArrayDeque<>();

  /**
   * What a client was sent.
   *
   * @param version the last version of the page
   * @param second the end of the last point of the history
   */
  private record Sent(long version, long second) {}

  /** Sends the whole page of {@code now}, and from then on what changes. */
  void open(Vertx vertx, HttpServerRequest request, PageVersion now) {
    EventStream stream = streams.open(vertx, request);
    stream.send("state", now.whole());
    sent.put(stream, new Sent(now.number(), recent.isEmpty() ? 0 : recent.getLast().newest()));
  }

  /** Whether anybody follows. */
  boolean isEmpty() {
    return streams.all().isEmpty();
  }

  /** Sends what is new to everyone who keeps up. */
  void send(PageUpdates.Update update) {
    update.points().ifPresent(this::remember);
    update
        .version()
        .ifPresent(version ->
            streams.all().stream()
                .filter(EventStream::isDrained)
                .forEach(stream -> send(stream, version)));
  }

  private void remember(NewPoints points) {
    recent.add(points);
    while (recent.size() > MAX_POINTS) {
      recent.removeFirst();
    }
  }

  private void send(EventStream stream, PageVersion version) {
    Sent before = sent.getOrDefault(stream, new Sent(0, 0));
    stream.send("state", version.since(before.version()));
    recent.stream()
        .filter(points -> points.newest() > before.second())
        .forEach(points -> stream.send("points", points.json()));
    sent.put(
        stream,
        new Sent(version.number(), recent.isEmpty() ? before.second() : recent.getLast().newest()));
  }

  /** Keeps idle connections alive, and ends those whose clients do not read. */
  void heartbeat() {
    streams.heartbeat();
  }

  /** Ends every stream with {@code reason}. */
  void stop(String reason) {
    streams.stop(reason);
  }
}
