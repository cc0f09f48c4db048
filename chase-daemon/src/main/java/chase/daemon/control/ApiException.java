package chase.daemon.control;

import chase.daemon.api.ErrorBody;
import chase.daemon.events.CommandRefused;
import chase.zeus.engine.Refusal;

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

  static ApiException of(CommandRefused refused) {
    Refusal refusal = refused.refusal();
    return switch (refusal.cause()) {
      case UNKNOWN_GPU -> new ApiException(404, "unknown_gpu", refusal.message());
      case UNKNOWN_JOB -> new ApiException(404, "unknown_job", refusal.message());
      case JOB_ENDED -> new ApiException(410, "job_ended", refusal.message());
      case CONFLICT -> new ApiException(409, "conflict", refusal.message());
      case OUT_OF_RANGE -> new ApiException(422, "out_of_range", refusal.message());
      case NOT_WRITABLE -> new ApiException(409, "not_writable", refusal.message());
    };
  }

  int status() {
    return status;
  }

  ErrorBody body() {
    return body;
  }
}
