package chase.daemon.page;

import chase.daemon.http.ReadOnlyServer.ReadOnlyPath;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The files of the page, from the jar: read and compressed once, then served from memory. Nothing
 * that is not listed here can be asked for.
 */
final class PageFiles {
  private static final String INDEX = "index.html";

  static final List<String> NAMES =
      List.of(
          INDEX,
          "page.css",
          "favicon.svg",
          "page.js",
          "state.js",
          "chart.js",
          "grid.js",
          "gpus.js",
          "jobs.js",
          "totals.js",
          "events.js",
          "status.js",
          "text.js",
          "dom.js",
          "theme.js",
          "uPlot.iife.min.js",
          "uPlot.min.css");

  /** Everything comes from this server, and no other page may show this one. */
  private static final String POLICY =
      "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  private static final int TAG_BYTES = 8;

  private final Map<String, PageFile> files = new LinkedHashMap<>();

  private record PageFile(SharedContent content, String tag) {}

  /** Reads them all. */
  PageFiles() {
    NAMES.forEach(name -> files.put("/" + name, file(name, read(name))));
    files.put("/", file(INDEX, read(INDEX)));
  }

  private static byte[] read(String name) {
    try (InputStream file = PageFiles.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the page's " + name, e);
    }
  }

  private static PageFile file(String name, byte[] bytes) {
    return new PageFile(SharedContent.of(type(name), bytes), tag(bytes));
  }

  private static String type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalStateException("no type is known for " + name);
    };
  }

  /** A weak one: it stands for the compressed bytes as well. */
  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "W/\"" + HexFormat.of().formatHex(Arrays.copyOf(digest, TAG_BYTES)) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What answers at the path of each file, and at {@code /}. */
  Map<String, ReadOnlyPath> paths() {
    Map<String, ReadOnlyPath> paths = new LinkedHashMap<>();
    files.forEach(
        (path, file) -> paths.put(path, new ReadOnlyPath(request -> send(request, file), false)));
    return paths;
  }

  private static void send(HttpServerRequest request, PageFile file) {
    request
        .response()
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-cache")
        .putHeader("ETag", file.tag());
    if (isKnown(request, file.tag())) {
      request.response().setStatusCode(304).end();
    } else {
      file.content().send(request);
    }
  }

  private static boolean isKnown(HttpServerRequest request, String tag) {
    String known = request.getHeader("If-None-Match");
    return known != null && Arrays.asList(known.split(" *, *", -1)).contains(tag);
  }
}
