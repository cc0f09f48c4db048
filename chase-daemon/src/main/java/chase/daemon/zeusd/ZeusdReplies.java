package chase.daemon.zeusd;

import chase.daemon.access.AuditLog;
import chase.daemon.events.CommandFailed;
import chase.daemon.events.CommandRefused;
import chase.daemon.http.RequestFailures;
import chase.zeus.gpu.GpuException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Answers and errors in the forms of zeusd. */
final class ZeusdReplies {
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int SERVER_ERROR = 500;

  private final JsonMapper mapper = new JsonMapper();

  ObjectNode object() {
    return mapper.createObjectNode();
  }

  /** Runs {@code work} and answers the {@link ZeusdException} that it may throw. */
  void handle(RoutingContext context, Consumer<RoutingContext> work) {
    try {
      work.accept(context);
    } catch (ZeusdException failure) {
      fail(context, failure);
    }
  }

  void json(RoutingContext context, JsonNode body) {
    json(context, 200, body);
  }

  /** 200 and nothing else, which is how zeusd says that it is done. */
  void done(RoutingContext context) {
    end(context.response().setStatusCode(200), "");
  }

  /**
   * Done as well, and why some GPUs are not at what was set: in a header, and in a body, which
   * zeusd's clients do not look at. Nothing but done where {@code holds} is empty.
   */
  void held(RoutingContext context, Map<Integer, String> holds) {
    if (holds.isEmpty()) {
      done(context);
      return;
    }
    addHeldHeader(context, holds);
    ObjectNode body = object();
    ObjectNode each = body.putObject("held");
    holds.forEach((index, why) -> each.put(index.toString(), why));
    json(context, body);
  }

  /** The header alone; without any where {@code holds} is empty. */
  void addHeldHeader(RoutingContext context, Map<Integer, String> holds) {
    if (!holds.isEmpty()) {
      String text =
          holds.entrySet().stream()
              .map(hold -> "GPU " + hold.getKey() + ": " + hold.getValue())
              .collect(Collectors.joining("; "));
      // A driver's words may hold what no header may.
      context.response().putHeader(AuditLog.HELD_HEADER, text.replaceAll("[^\\x20-\\x7e]", "?"));
    }
  }

  /**
   * Calls each device; once all calls have ended, {@code answer} gets their results, or the client
   * gets the errors of those that failed, by device and with the worst status.
   */
  <T> void forEachDevice(
      RoutingContext context,
      List<Integer> devices,
      Function<Integer, Future<T>> call,
      Consumer<Map<Integer, T>> answer) {
    Context here = context.vertx().getOrCreateContext();
    Map<Integer, Future<T>> pending = new LinkedHashMap<>();
    devices.forEach(device -> pending.put(device, failedIfThrown(() -> call.apply(device))));
    Future.join(List.copyOf(pending.values()))
        .onComplete(all -> here.runOnContext(back -> respond(context, pending, answer)));
  }

  /** A call that refuses its argument at once fails like one whose device refuses it. */
  static <T> Future<T> failedIfThrown(Supplier<Future<T>> call) {
    try {
      return call.get();
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
  }

  private <T> void respond(
      RoutingContext context, Map<Integer, Future<T>> pending, Consumer<Map<Integer, T>> answer) {
    Map<Integer, Throwable> failures = new TreeMap<>();
    Map<Integer, T> results = new TreeMap<>();
    pending.forEach((device, future) -> {
      if (future.succeeded()) {
        results.put(device, future.result());
      } else {
        failures.put(device, future.cause());
      }
    });
    if (failures.isEmpty()) {
      answer.accept(results);
    } else {
      fail(context, failures);
    }
  }

  private void fail(RoutingContext context, Map<Integer, Throwable> failures) {
    ObjectNode body = object();
    ObjectNode errors = body.putObject("errors");
    failures.forEach((device, cause) -> {
      if (status(cause) == SERVER_ERROR && WriteHold.isBug(cause)) {
        RequestFailures.log(context, cause);
      }
      errors.put(device.toString(), text(cause));
    });
    json(
        context,
        Collections.max(failures.values().stream().map(ZeusdReplies::status).toList()),
        body);
  }

  private void fail(RoutingContext context, ZeusdException failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure.plain()) {
      HttpServerResponse response = context.response().setStatusCode(failure.status());
      end(response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8"), message);
    } else {
      json(context, failure.status(), object().put("error", message));
    }
  }

  /** The status for one device, by what a client can do about it. */
  static int status(Throwable cause) {
    return switch (cause) {
      case CommandRefused refused ->
          switch (refused.refusal().cause()) {
            case UNKNOWN_GPU, UNKNOWN_JOB, JOB_ENDED, OUT_OF_RANGE -> BAD_REQUEST;
            case CONFLICT, NOT_WRITABLE -> FORBIDDEN;
          };
      case CommandFailed failed -> failed.refused() ? FORBIDDEN : SERVER_ERROR;
      case GpuException e when e.lacksPermission() -> FORBIDDEN;
      case GpuException e when e.kind() == GpuException.Kind.REFUSED -> BAD_REQUEST;
      case IllegalArgumentException e -> BAD_REQUEST;
      default -> SERVER_ERROR;
    };
  }

  private static String text(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return status(cause) == BAD_REQUEST ? "Invalid request: " + message : message;
  }

  private void json(RoutingContext context, int status, JsonNode body) {
    HttpServerResponse response = context.response().setStatusCode(status);
    end(response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json"), body.toString());
  }

  private static void end(HttpServerResponse response, String body) {
    if (!response.ended() && !response.closed()) {
      response.end(body);
    }
  }

  /** Answers in time: Zeus's library waits for 5 s, and then lets the training die. */
  static final class ResponseDeadline {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private ResponseDeadline() {}

    /** What {@code answer} brings, or {@code late} where it takes too long. */
    static <T> Future<T> within(Vertx vertx, Future<T> answer, T late) {
      Promise<T> soon = Promise.promise();
      long timer = vertx.setTimer(TIMEOUT.toMillis(), over -> soon.tryComplete(late));
      answer.onComplete(done -> {
        vertx.cancelTimer(timer);
        if (done.succeeded()) {
          soon.tryComplete(done.result());
        } else {
          soon.tryFail(done.cause());
        }
      });
      return soon.future();
    }
  }

  /** A request that is answered with one error. */
  static final class ZeusdException extends RuntimeException {
    private final int status;
    private final boolean plain;

    private ZeusdException(int status, String message, boolean plain) {
      super(message);
      this.status = status;
      this.plain = plain;
    }

    /** What zeusd answers as {@code {"error":"..."}}. */
    static ZeusdException of(int status, String message) {
      return new ZeusdException(status, message, false);
    }

    /** What zeusd answers as plain text. */
    static ZeusdException text(int status, String message) {
      return new ZeusdException(status, message, true);
    }

    int status() {
      return status;
    }

    boolean plain() {
      return plain;
    }
  }
}
