package chase.daemon.http;

import chase.daemon.host.SocketPeer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The open streams of one path. Used on the server's event loop only.
 *
 * <p>When all places are taken, a new client replaces one that does not read, else the oldest one
 * of the client who has the most: no client keeps others out by opening streams.
 */
public final class EventStreams {
  /** Clients that come back at once would only drive each other out. */
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final int max;
  private final Set<EventStream> open = new LinkedHashSet<>();

  /** At most {@code max} streams, none of them open yet. */
  public EventStreams(int max) {
    this.max = max;
  }

  /** Answers {@code request} with a stream. */
  public EventStream open(Vertx vertx, HttpServerRequest request) {
    if (open.size() >= max) {
      EventStream leaving = streamToClose();
      open.remove(leaving);
      leaving.close(
          String.format(Locale.ROOT, "others want to follow, and %d is all there may be", max),
          RETRY);
    }
    EventStream stream = new EventStream(vertx, request, SocketPeer.bucketOf(request.connection()));
    open.add(stream);
    request.response().closeHandler(closed -> open.remove(stream));
    return stream;
  }

  private EventStream streamToClose() {
    Map<String, Long> count =
        open.stream().collect(Collectors.groupingBy(EventStream::client, Collectors.counting()));
    return open.stream()
        .min(
            Comparator.comparing(EventStream::isDrained)
                .thenComparingLong(stream -> -count.getOrDefault(stream.client(), 0L)))
        .orElseThrow();
  }

  /** The open streams, the oldest first. */
  public List<EventStream> all() {
    return List.copyOf(open);
  }

  /** Keeps idle connections alive, and ends those whose clients do not read. */
  public void heartbeat() {
    all().forEach(EventStream::heartbeat);
  }

  /** Ends every stream with {@code reason}. */
  public void stop(String reason) {
    all().forEach(stream -> stream.close(reason));
  }
}
