package chase.daemon.page;

import chase.daemon.http.ReadOnlyServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to many, compressed once.
 *
 * @param type its media type
 * @param plain as it is
 * @param gzip compressed, where that is smaller
 */
record SharedContent(String type, Buffer plain, Optional<Buffer> gzip) {
  private static final String JSON = "application/json";

  /** Compresses {@code bytes}, which takes a few milliseconds. */
  static SharedContent of(String type, byte[] bytes) {
    byte[] smaller = compressed(bytes);
    return new SharedContent(
        type,
        Buffer.buffer(bytes),
        smaller.length < bytes.length ? Optional.of(Buffer.buffer(smaller)) : Optional.empty());
  }

  /** A body of the API. */
  static SharedContent json(byte[] bytes) {
    return of(JSON, bytes);
  }

  private static byte[] compressed(byte[] bytes) {
    var to = new ByteArrayOutputStream(bytes.length / 2 + 64);
    try (var gzip = new GZIPOutputStream(to)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return to.toByteArray();
  }

  /** Sends it as the client accepts it. */
  void send(HttpServerRequest request) {
    request.response().putHeader("Vary", "Accept-Encoding");
    if (gzip.isPresent() && acceptsGzip(request.getHeader("Accept-Encoding"))) {
      request.response().putHeader("Content-Encoding", "gzip");
      ReadOnlyServer.send(request, 200, type, gzip.get());
    } else {
      ReadOnlyServer.send(request, 200, type, plain);
    }
  }

  /** A client that wants none of it writes {@code gzip;q=0}. */
  private static boolean acceptsGzip(@Nullable String accept) {
    return accept != null
        && accept
            .toLowerCase(Locale.ROOT)
            .replace(" ", "")
            .matches("(.*,)?gzip(;q=(1(\\.0*)?|0\\.0*[1-9]\\d*))?(,.*)?");
  }
}
