package chase.daemon.control;

import chase.daemon.events.CommandFailed;
import chase.daemon.events.CommandRefused;
import chase.daemon.http.ClientGone;
import chase.daemon.http.RequestFailures;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;

/** Sends bodies and errors. */
final class ResponseWriter {
  private static final List<Integer> STATUSES = List.of(400, 404, 405, 413, 500);

  private final JsonMapper mapper;

  ResponseWriter(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /** Answers everything that goes wrong on {@code router}, its own complaints included. */
  void handleFailures(Router router) {
    router
        .route()
        .failureHandler(context -> {
          // A client that left while it asked is no trouble, and hears nothing any more.
          if (!ClientGone.isCauseOf(context.request(), context.failure())) {
            context.next();
          }
        });
    for (int status : STATUSES) {
      router.errorHandler(status, this::fail);
    }
  }

  void send(RoutingContext context, Object body) {
    send(context, 200, body);
  }

  String json(Object body) {
    try {
      return mapper.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + body, e);
    }
  }

  /** Sends an answer; fails when nobody is there any more to hear it. */
  Future<Void> send(RoutingContext context, int status, Object body) {
    if (context.response().ended() || context.response().closed()) {
      return Future.failedFuture("the client is gone");
    }
    return context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(json(body) + "\n");
  }

  private void fail(RoutingContext context) {
    ApiException failure = failure(context);
    send(context, failure.status(), failure.body());
  }

  private ApiException failure(RoutingContext context) {
    Throwable cause = context.failure();
    return switch (cause) {
      case ApiException known -> known;
      case CommandRefused refused -> ApiException.of(refused);
      case CommandFailed failed ->
          new ApiException(409, "not_applied", String.valueOf(failed.getMessage()));
      case null -> ofStatus(context);
      default -> context.statusCode() == 500 ? internal(context, cause) : ofStatus(context);
    };
  }

  private static ApiException ofStatus(RoutingContext context) {
    String path = context.request().path();
    return switch (context.statusCode()) {
      case 404 -> new ApiException(404, "unknown_path", "there is nothing at " + path);
      case 405 ->
          new ApiException(
              405,
              "method_not_allowed",
              "%s is not possible at %s".formatted(context.request().method(), path));
      case 413 ->
          new ApiException(
              413,
              "too_large",
              String.format(
                  Locale.ROOT, "a body has at most %d bytes", RequestReader.MAX_BODY_BYTES));
      // The router gives a path that it cannot decode no status at all.
      default -> new ApiException(400, "bad_request", "malformed request for " + path);
    };
  }

  private static ApiException internal(RoutingContext context, Throwable cause) {
    String reference = RequestFailures.log(context, cause);
    return new ApiException(
        500, "internal", "Chase failed at this; its log says more under reference " + reference);
  }
}
