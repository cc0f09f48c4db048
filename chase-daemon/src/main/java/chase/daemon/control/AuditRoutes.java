package chase.daemon.control;

import chase.daemon.access.AuditLog;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The newest lines of the audit log: {@code GET /v1/audit}.
 *
 * @param log where there is one
 */
record AuditRoutes(Optional<AuditLog> log, ResponseWriter responses) {
  private static final int MOST = 10_000;

  void show(RoutingContext context) {
    int lines = lines(Objects.requireNonNullElse(context.queryParams().get("lines"), "100"));
    if (log.isEmpty()) {
      throw new ApiException(503, "no_audit", "no audit log is kept");
    }
    context
        .vertx()
        .executeBlocking(() -> newest(log.get(), lines), false)
        .onSuccess(newest ->
            context
                .response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end("[" + String.join(",\n", newest) + "]\n"))
        .onFailure(context::fail);
  }

  private static List<String> newest(AuditLog log, int lines) {
    try {
      // What a full disk cut off is no JSON.
      return log.newest(lines).stream()
          .filter(line -> line.startsWith("{") && line.endsWith("}"))
          .toList();
    } catch (IOException e) {
      throw new ApiException(503, "no_audit", "the audit log cannot be read: " + e);
    }
  }

  private static int lines(String text) {
    if (text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= MOST) {
      return Integer.parseInt(text);
    }
    throw ApiException.badValue(
        String.format(Locale.ROOT, "'lines' must lie in 1 to %d: '%s'", MOST, text));
  }
}
