package chase.daemon.control;

import chase.daemon.api.NoticeBody;
import chase.daemon.api.StatusBody;
import chase.daemon.bus.Notice;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** One client of {@code /v1/events}, served as long as it keeps up. */
final class EventStream {
  /** What may wait for a slow reader, besides the kernel's own buffers. */
  static final int QUEUE_BYTES = 64 * 1024;

  private static final Duration TIME_TO_LEAVE = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Function<Object, String> json;

  EventStream(Vertx vertx, HttpServerRequest request, Function<Object, String> json) {
    this.vertx = vertx;
    this.request = request;
    this.json = json;
    this.response =
        request
            .response()
            .setChunked(true)
            .setWriteQueueMaxSize(QUEUE_BYTES)
            .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  void hello(StatusBody status) {
    write(event("hello", status));
  }

  void tell(Notice notice) {
    NoticeBody body = Bodies.notice(notice);
    write(event(body.kind(), body));
  }

  void beat() {
    write(": heartbeat\n\n");
  }

  /** Says why and closes, on a reader that never takes the reason a little later. */
  void end(String reason) {
    if (!response.ended() && !response.closed()) {
      long timer = vertx.setTimer(TIME_TO_LEAVE.toMillis(), late -> request.connection().close());
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
      end("this client reads too slowly");
      return;
    }
    response.write(text);
  }

  private String event(String name, Object body) {
    return "event: %s\ndata: %s\n\n".formatted(name, json.apply(body));
  }
}
