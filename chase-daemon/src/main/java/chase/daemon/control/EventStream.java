package chase.daemon.control;

import chase.daemon.api.NoticeBody;
import chase.daemon.api.StatusBody;
import chase.daemon.bus.Notice;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.function.Function;

/** One client of {@code /v1/events}, served as long as it keeps up. */
final class EventStream {
  /** What may wait for a slow reader, besides the kernel's own buffers. */
  static final int QUEUE_BYTES = 64 * 1024;

  private final HttpServerResponse response;
  private final Function<Object, String> json;

  EventStream(HttpServerResponse response, Function<Object, String> json) {
    this.json = json;
    this.response =
        response
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

  /** Says why and closes. */
  void end(String reason) {
    if (!response.ended() && !response.closed()) {
      response.end(event("end", Map.of("reason", reason)));
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
