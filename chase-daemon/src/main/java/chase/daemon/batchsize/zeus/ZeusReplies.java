package chase.daemon.batchsize.zeus;

import chase.daemon.batchsize.BatchSizeException;
import chase.daemon.batchsize.PydanticBody;
import chase.daemon.http.ClientGone;
import chase.daemon.http.RequestFailures;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** Responses and errors in the form of Zeus's batch-size server, which is made with FastAPI. */
final class ZeusReplies {
  private ZeusReplies() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static void send(RoutingContext context, int status, String json) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(json);
    }
  }

  static void message(RoutingContext context, int status, String message) {
    send(context, status, object().put("message", message).toString());
  }

  /** Does {@code work}, and responds to invalid fields with 422. */
  static Handler<RoutingContext> handle(Consumer<RoutingContext> work) {
    return context -> {
      try {
        work.accept(context);
      } catch (PydanticBody.ValidationException invalid) {
        send(context, 422, invalid.detail().toString());
      }
    };
  }

  /**
   * Responds with the result, or with the reason of its failure, on the server's context.
   *
   * @param status the status of a {@link BatchSizeException}
   */
  static <T> void respond(
      RoutingContext context,
      Future<T> result,
      ToIntFunction<BatchSizeException.BatchSizeFailure> status,
      Consumer<T> onSuccess) {
    var here = context.vertx().getOrCreateContext();
    result.onComplete(done ->
        here.runOnContext(back -> {
          if (done.succeeded()) {
            onSuccess.accept(done.result());
          } else {
            fail(context, done.cause(), status);
          }
        }));
  }

  private static void fail(
      RoutingContext context,
      Throwable cause,
      ToIntFunction<BatchSizeException.BatchSizeFailure> status) {
    switch (cause) {
      case BatchSizeException refused ->
          message(
              context,
              switch (refused.kind()) {
                case NO_ROOM -> 507;
                case UNAVAILABLE -> 503;
                default -> status.applyAsInt(refused.kind());
              },
              String.valueOf(refused.getMessage()));
      case TimeoutException late ->
          message(context, 503, "the database of batch sizes does not answer");
      default -> internalError(context, cause);
    }
  }

  private static void internalError(RoutingContext context, Throwable cause) {
    String reference = RequestFailures.log(context, cause);
    message(context, 500, "Chase failed at this; its log says more under reference " + reference);
  }

  /**
   * Responds to unknown paths, methods that are not allowed, bodies that cannot be read, and bugs;
   * not to a client that has closed its connection.
   */
  static void handleFailures(Router router, int bodyLimit) {
    router
        .route()
        .failureHandler(context -> {
          if (!ClientGone.isCauseOf(context.request(), context.failure())) {
            context.next();
          }
        });
    router.errorHandler(404, context -> detail(context, 404, "Not Found"));
    router.errorHandler(405, context -> detail(context, 405, "Method Not Allowed"));
    router.errorHandler(400, context -> detail(context, 400, "Bad Request"));
    // What Vert.x's reader of bodies fails with where it cannot decode one.
    router.errorHandler(200, context -> detail(context, 400, "Bad Request"));
    router.errorHandler(
        413,
        context ->
            message(
                context,
                413,
                String.format(Locale.ROOT, "a body has at most %d bytes", bodyLimit)));
    router.errorHandler(
        500,
        context ->
            internalError(
                context,
                context.failure() == null
                    ? new IllegalStateException("no cause")
                    : context.failure()));
  }

  private static void detail(RoutingContext context, int status, String detail) {
    send(context, status, object().put("detail", detail).toString());
  }
}
