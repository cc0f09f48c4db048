package chase.daemon.control;

import chase.daemon.access.AccessDenied;
import chase.daemon.api.ErrorBody;
import chase.daemon.events.CommandFailed;
import chase.daemon.events.CommandRefused;
import chase.daemon.http.RequestFailures;
import chase.zeus.engine.Refusal;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** A request that is answered with an error. */
final class ApiException extends RuntimeException {
  private final int status;
  private final ErrorBody body;

  ApiException(int status, String error, String detail) {
    super(detail);
    this.status = status;
    this.body = new ErrorBody(error, detail);
  }

  /** A value of the right type that cannot be. */
  static ApiException badValue(String detail) {
    return new ApiException(422, "bad_value", detail);
  }

  /** A field that must be there and is not. */
  static ApiException missingField(String name) {
    return new ApiException(400, "missing_field", "field '%s' is missing".formatted(name));
  }

  /** The error that answers a request which the router gave up. */
  static ApiException of(RoutingContext context) {
    Throwable cause = context.failure();
    return switch (cause) {
      case ApiException known -> known;
      case AccessDenied denied ->
          new ApiException(403, "forbidden", String.valueOf(denied.getMessage()));
      case CommandRefused refused -> of(refused.refusal());
      case CommandFailed failed ->
          new ApiException(409, "not_applied", String.valueOf(failed.getMessage()));
      case null -> ofStatus(context);
      default -> context.statusCode() == 500 ? internal(context, cause) : ofStatus(context);
    };
  }

  private static ApiException of(Refusal refusal) {
    return switch (refusal.cause()) {
      case UNKNOWN_GPU -> new ApiException(404, "unknown_gpu", refusal.message());
      case UNKNOWN_JOB -> new ApiException(404, "unknown_job", refusal.message());
      case JOB_ENDED -> new ApiException(410, "job_ended", refusal.message());
      case CONFLICT -> new ApiException(409, "conflict", refusal.message());
      case OUT_OF_RANGE -> new ApiException(422, "out_of_range", refusal.message());
      case NOT_WRITABLE -> new ApiException(409, "not_writable", refusal.message());
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

  int status() {
    return status;
  }

  ErrorBody body() {
    return body;
  }
}
