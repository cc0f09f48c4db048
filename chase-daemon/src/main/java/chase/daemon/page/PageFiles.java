package chase.daemon.page;

import chase.daemon.http.ReadOnlyServer.ReadOnlyPath;
import chase.daemon.http.SharedContent;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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

  private final Map<String, SharedContent.Tagged> files = new LinkedHashMap<>();

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

  private static SharedContent.Tagged file(String name, byte[] bytes) {
    return SharedContent.of(type(name), bytes).tagged();
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

  /** What answers at the path of each file, and at {@code /}. */
  Map<String, ReadOnlyPath> paths() {
    Map<String, ReadOnlyPath> paths = new LinkedHashMap<>();
    files.forEach(
        (path, file) -> paths.put(path, new ReadOnlyPath(request -> send(request, file), false)));
    return paths;
  }

  private static void send(HttpServerRequest request, SharedContent.Tagged file) {
    request
        .response()
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-cache");
    file.send(request);
  }
}
