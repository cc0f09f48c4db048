package chase.daemon.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * Server-sent events to one client, which is served as long as it keeps up. Used on the server's
 * event loop only.
 */
public final class EventStream {
  /** What may wait for a slow reader, besides the kernel's own buffers. */
  static final int QUEUE_BYTES = 64 * 1024;

  private static final Buffer HEARTBEAT = Buffer.buffer(": heartbeat\n\n");
  private static final String TOO_SLOW = "this client reads too slowly";
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final String client;

  /** What was sent and has not gone out to the client yet. */
  private int waiting;

  /** What is sent as soon as all that has gone out. */
  private Optional<Buffer> newest = Optional.empty();

  /**
   * Whether something waited when it was last looked at, without anything having gone out since.
   */
  private boolean stuck;

  EventStream(Vertx vertx, HttpServerRequest request, String client) {
    this.vertx = vertx;
    this.request = request;
    this.client = client;
    this.response =
        request
            .response()
            .setChunked(true)
            .setWriteQueueMaxSize(QUEUE_BYTES)
            .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /** Whose it is: a user on a Unix socket, an address elsewhere. */
  String client() {
    return client;
  }

  /** Whether the client has taken all that it was sent. */
  public boolean isDrained() {
    return waiting == 0;
  }

  /**
   * Sends one event. A client that has not taken most of what it was sent before is closed instead.
   *
   * @param data one line
   */
  public void send(String event, String data) {
    write(Buffer.buffer(text(event, data)));
  }

  /** An event as it goes out. */
  public static String text(String event, String data) {
    return "event: %s\ndata: %s\n\n".formatted(event, data);
  }

  /**
   * The same where only the last event counts, however long it is: one that the client is not ready
   * for is sent when it is, unless another follows first.
   *
   * @param text the event as it goes out, in bytes that many clients share
   */
  public void sendNewest(Buffer text) {
    if (isDrained()) {
      write(text);
    } else {
      newest = Optional.of(text);
    }
  }

  /** A client that has taken nothing since the last beat does not read. */
  void heartbeat() {
    if (stuck) {
      close(TOO_SLOW);
    } else {
      // What still goes out keeps the connection alive by itself.
      if (isDrained()) {
        write(HEARTBEAT);
      }
      stuck = waiting > 0;
    }
  }

  /** Sends the reason and closes, a little later also where the client does not read. */
  void close(String reason) {
    close("", reason);
  }

  /** The same, and has the client wait before it connects again. */
  void close(String reason, Duration retry) {
    close("retry: " + retry.toMillis() + "\n", reason);
  }

  private void close(String before, String reason) {
    if (!response.ended() && !response.closed()) {
      long timer =
          vertx.setTimer(
              CLOSE_TIMEOUT.toMillis(), late -> RawConnection.close(request.connection()));
      response
          .end(
              "%sevent: end\ndata: %s\n\n"
                  .formatted(before, JsonObject.of("reason", reason).encode()))
          .onComplete(left -> vertx.cancelTimer(timer));
    }
  }

  private void write(Buffer text) {
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
          if (isDrained() && newest.isPresent()) {
            Buffer next = newest.get();
            newest = Optional.empty();
            write(next);
          }
        });
  }
}
