package chase.daemon.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
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
public record SharedContent(String type, Buffer plain, Optional<Buffer> gzip) {
  private static final String JSON = "application/json";
  private static final int TAG_BYTES = 8;

  /** Compresses {@code bytes}, which takes a few milliseconds. */
  public static SharedContent of(String type, byte[] bytes) {
    byte[] smaller = compressed(bytes);
    return new SharedContent(
        type,
        Buffer.buffer(bytes),
        smaller.length < bytes.length ? Optional.of(Buffer.buffer(smaller)) : Optional.empty());
  }

  /** The same bytes for a client that does not have them yet; else 304. */
  public Tagged tagged() {
    return new Tagged(this, tag(plain.getBytes()));
  }

  /** A weak one: it stands for the compressed bytes as well. */
  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "W/\"" + HexFormat.of().formatHex(Arrays.copyOf(digest, TAG_BYTES)) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Content with its ETag.
   *
   * @param content what is sent
   * @param tag tells it from all others
   */
  public record Tagged(SharedContent content, String tag) {
    /** Sends it, or 304 to a client that has it; other headers stand already. */
    public void send(HttpServerRequest request) {
      request.response().putHeader("ETag", tag);
      if (isKnown(request)) {
        request.response().setStatusCode(304).end();
      } else {
        content.send(request);
      }
    }

    private boolean isKnown(HttpServerRequest request) {
      String known = request.getHeader("If-None-Match");
      return known != null
          && Arrays.stream(known.split(",", -1)).map(String::strip).anyMatch(tag::equals);
    }
  }

  /** A body of the API. */
  public static SharedContent json(byte[] bytes) {
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
  public void send(HttpServerRequest request) {
    request.response().headers().add("Vary", "Accept-Encoding");
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
