package chase.daemon.zeusd;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Server-sent power samples of some kind of device. A device is read only while a client listens,
 * one call at a time, and a client is sent only what differs from its last sample. Used on the
 * server's event loop only.
 *
 * @param <T> a sample
 */
final class PowerStreams<T> {
  /** What zeusd uses. */
  static final Duration PERIOD = Duration.ofMillis(50);

  private static final int MAX_CLIENTS = 64;
  private static final int QUEUE_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final Function<Integer, Future<T>> reading;
  private final BiFunction<Integer, T, String> json;
  private final Map<Integer, DevicePoller> polls = new HashMap<>();
  private final Set<StreamClient> clients = new HashSet<>();

  /**
   * Streams of what {@code reading} returns.
   *
   * @param json a sample of a device as one event's text
   */
  PowerStreams(
      Vertx vertx, Function<Integer, Future<T>> reading, BiFunction<Integer, T, String> json) {
    this.vertx = vertx;
    this.reading = reading;
    this.json = json;
  }

  /** Streams the samples of these devices until the client goes. */
  void open(RoutingContext context, List<Integer> devices) {
    if (clients.size() >= MAX_CLIENTS) {
      throw ZeusdReplies.ZeusdException.of(
          503, MAX_CLIENTS + " clients stream power, and that is all");
    }
    StreamClient client = new StreamClient(context.response());
    clients.add(client);
    devices.forEach(device -> polls.computeIfAbsent(device, DevicePoller::new).add(client));
    context
        .response()
        .setChunked(true)
        .setWriteQueueMaxSize(QUEUE_BYTES)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .closeHandler(closed -> remove(client, devices));
    // So that a client of quiet devices knows at once that it is connected.
    context.response().writeHead();
  }

  private void remove(StreamClient client, List<Integer> devices) {
    clients.remove(client);
    devices.forEach(device ->
        Optional.ofNullable(polls.get(device))
            .filter(poll -> poll.remove(client))
            .ifPresent(poll -> polls.remove(device)));
  }

  /** One client, and what it knows. */
  private final class StreamClient {
    private final HttpServerResponse response;
    private final Map<Integer, T> lastSent = new HashMap<>();

    StreamClient(HttpServerResponse response) {
      this.response = response;
    }

    /** A client that reads too slowly misses samples, and none of them is old when it reads. */
    void send(int device, T sample) {
      boolean gone = response.ended() || response.closed();
      if (!gone && !response.writeQueueFull() && !sample.equals(lastSent.put(device, sample))) {
        response.write("data: " + json.apply(device, sample) + "\n\n");
      }
    }
  }

  /** One device with clients. */
  private final class DevicePoller {
    private final int device;
    private final List<StreamClient> subscribers = new ArrayList<>();
    private final long timer;
    private boolean pending;

    DevicePoller(int device) {
      this.device = device;
      this.timer = vertx.setPeriodic(0, PERIOD.toMillis(), beat -> poll());
    }

    void add(StreamClient client) {
      subscribers.add(client);
    }

    /** Whether no client is left, so that the device is polled no more. */
    boolean remove(StreamClient client) {
      subscribers.remove(client);
      return subscribers.isEmpty() && vertx.cancelTimer(timer);
    }

    /** A device that fails is simply polled again: the failure shows elsewhere. */
    private void poll() {
      if (!pending) {
        pending = true;
        var context = vertx.getOrCreateContext();
        reading
            .apply(device)
            .onComplete(answer ->
                context.runOnContext(back -> {
                  pending = false;
                  if (answer.succeeded()) {
                    subscribers.forEach(client -> client.send(device, answer.result()));
                  }
                }));
      }
    }
  }
}
