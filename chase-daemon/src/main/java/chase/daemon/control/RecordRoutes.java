package chase.daemon.control;

import chase.daemon.access.AuditLog;
import chase.daemon.bodies.SignalBodies;
import chase.daemon.grid.SignalArchive;
import chase.daemon.text.InstantParser;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is on record in files: the audit log's newest lines ({@code GET /v1/audit}), and the
 * signal's past ({@code GET /v1/signal/history}).
 *
 * @param log where there is one
 * @param archive reads where the signal's past is kept
 */
record RecordRoutes(
    Optional<AuditLog> log, Supplier<SignalArchive> archive, ResponseWriter responses) {
  private static final int MOST = 10_000;

  /** A megabyte of JSON: what is left follows in another answer. */
  static final int MOST_VALUES = 10_000;

  private static final List<String> HISTORY_QUERY =
      List.of("provider", "region", "kind", "from", "to");

  void audit(RoutingContext context) {
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

  void signal(RoutingContext context) {
    MultiMap query = context.queryParams();
    query.names().forEach(name -> RequestReader.requireKnown(name, HISTORY_QUERY));
    SignalArchive.WantedSeries wanted =
        new SignalArchive.WantedSeries(
            word(query, "provider"), word(query, "region"), word(query, "kind"));
    Instant from = time(query, "from").orElse(Instant.MIN);
    Instant to = time(query, "to").orElse(Instant.MAX);
    context
        .vertx()
        .executeBlocking(() -> part(wanted, from, to), false)
        .onSuccess(part -> responses.send(context, SignalBodies.history(part)))
        .onFailure(context::fail);
  }

  private Optional<SignalArchive.ArchivedPart> part(
      SignalArchive.WantedSeries wanted, Instant from, Instant to) {
    try {
      return archive.get().part(wanted, from, to, MOST_VALUES);
    } catch (IllegalArgumentException nothingLikeThat) {
      throw new ApiException(404, "unknown_series", String.valueOf(nothingLikeThat.getMessage()));
    } catch (IOException e) {
      throw new ApiException(503, "no_history", "the signal's history cannot be read: " + e);
    }
  }

  private static Optional<String> word(MultiMap query, String name) {
    return Optional.ofNullable(query.get(name)).filter(text -> !text.isEmpty());
  }

  private static Optional<Instant> time(MultiMap query, String name) {
    try {
      return word(query, name).map(text -> InstantParser.parse("'" + name + "'", text));
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue(String.valueOf(e.getMessage()));
    }
  }
}
