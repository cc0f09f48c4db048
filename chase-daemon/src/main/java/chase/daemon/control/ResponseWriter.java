package chase.daemon.control;

import chase.daemon.api.ApiJson;
import chase.daemon.http.ClientGone;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends bodies and errors as JSON. */
final class ResponseWriter {
  /** 200 is what Vert.x's reader of bodies fails with where it cannot decode one. */
  private static final List<Integer> STATUSES = List.of(200, 400, 404, 405, 413, 500);

  private final JsonMapper mapper;

  ResponseWriter(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /** Answers all failures of {@code router}, also those that it finds itself. */
  void handleFailures(Router router) {
    router
        .route()
        .failureHandler(context -> {
          // A client that closed its connection meanwhile is no failure, and gets no answer.
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

  /** Sends an answer; fails when the client is gone. */
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
    ApiException failure = ApiException.of(context);
    send(context, failure.status(), failure.body());
  }

  /** Sends what {@code answer} brings, or fails with it. It must complete on this context. */
  void respond(RoutingContext context, int status, Future<?> answer) {
    answer.onSuccess(body -> send(context, status, body)).onFailure(context::fail);
  }

  /** Adds what is wrong although the request is done, as of then, to the head of the answer. */
  static void warnAtEnd(RoutingContext context, Supplier<Optional<String>> warning) {
    context.addHeadersEndHandler(now ->
        warning
            .get()
            .map(text -> text.replaceAll("[^ -~]", "?"))
            .ifPresent(text -> context.response().putHeader(ApiJson.WARNING, text)));
  }

  /** What completes elsewhere, on the context of the request. */
  static <T> Future<T> onContext(RoutingContext context, Future<T> elsewhere) {
    Context here = context.vertx().getOrCreateContext();
    Promise<T> back = Promise.promise();
    elsewhere.onComplete(done -> here.runOnContext(now -> back.handle(done)));
    return back.future();
  }
}
