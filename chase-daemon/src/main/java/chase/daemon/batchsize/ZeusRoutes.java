package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusAnswers.guarded;
import static chase.daemon.batchsize.ZeusAnswers.object;
import static chase.daemon.batchsize.ZeusAnswers.send;
import static chase.daemon.batchsize.ZeusAnswers.settle;

import chase.daemon.batchsize.Invalid.Mistake;
import chase.daemon.batchsize.Refused.Kind;
import chase.daemon.http.RequestFailures;
import chase.zeus.batchsize.Method;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Zeus's batch-size API, path by path as its own server answers it. */
final class ZeusRoutes {
  static final int BODY_LIMIT = 64 * 1024;
  private static final int HASH_DIGITS = 8;

  /** Zeus's client, which waits for 5 s (httpx's default), must not give up on a slow database. */
  private static final int LONGEST_REPORT_SECONDS = 3;

  private final Desk desk;
  private final Method method;
  private final RequestFailures failures;

  /** Routes whose jobs are all given their batch sizes by {@code method}. */
  ZeusRoutes(Desk desk, Method method, RequestFailures failures) {
    this.desk = desk;
    this.method = method;
    this.failures = failures;
  }

  /** What the server does with a request. Clients say nothing of a body's type: all is JSON. */
  Handler<HttpServerRequest> entrance(Vertx vertx) {
    Router router = Router.router(vertx);
    failures.attach(router);
    router.route().handler(ZeusRoutes::refuseBrowsers);
    router.route().handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    router.post("/jobs").handler(guarded(this::register));
    router.delete("/jobs").handler(guarded(this::delete));
    router.get("/jobs/batch_size").handler(guarded(this::next));
    router.post("/report").handler(guarded(this::report));
    router.patch("/trials").handler(guarded(this::end));
    ZeusAnswers.answerFailuresOf(router, BODY_LIMIT);
    return request -> {
      request.headers().set(HttpHeaders.CONTENT_TYPE, "application/json");
      router.handle(request);
    };
  }

  /** Nobody signs in here, so that no page which a user of this host reads may change jobs. */
  private static void refuseBrowsers(RoutingContext context) {
    if (context.request().headers().contains(HttpHeaders.ORIGIN)) {
      ZeusAnswers.message(context, 403, "web pages may not use this API");
    } else {
      context.next();
    }
  }

  private static String text(RoutingContext context) {
    String text = context.body().asString();
    return text == null ? "" : text;
  }

  private static String jobId(RoutingContext context) {
    String id = context.request().getParam("job_id");
    if (id == null) {
      throw new Invalid(
          List.of(new Mistake("query", "job_id", "field required", "value_error.missing")));
    }
    return id;
  }

  private void register(RoutingContext context) {
    ZeusJob job = ZeusJobText.read(text(context), hash(UUID.randomUUID().toString()));
    settle(
        context,
        desk.register(job, method),
        kind -> kind == Kind.DIFFERS ? 409 : 400,
        kept -> send(context, kept.fresh() ? 201 : 200, kept.job().described().json()));
  }

  /** As Zeus's server makes the end of an id; of chance, since two jobs may come at once. */
  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void delete(RoutingContext context) {
    String id = jobId(context);
    settle(context, desk.delete(id), kind -> 404, gone -> send(context, 200, "null"));
  }

  private void next(RoutingContext context) {
    String id = jobId(context);
    settle(
        context,
        desk.dispatch(id),
        kind -> 400,
        next ->
            send(
                context,
                200,
                object()
                    .put("job_id", id)
                    .put("batch_size", next.trial().batchSize())
                    .put("trial_number", next.trial().number())
                    .toString()));
  }

  /**
   * Zeus's client ends the training at every answer but 2xx, and at none, so that a report which
   * cannot be recorded, or not soon, is answered with "go on": the next one counts from the trial's
   * start and makes up.
   */
  private void report(RoutingContext context) {
    ZeusReport report = ZeusReport.read(text(context));
    Future<String> verdict =
        desk.report(report.jobId(), report.report())
            .timeout(LONGEST_REPORT_SECONDS, TimeUnit.SECONDS)
            .map(told -> verdict(!told.trial().isRunning(), told.trial().reached(), told.message()))
            .recover(ZeusRoutes::goOn);
    settle(context, verdict, kind -> 400, answer -> send(context, 200, answer));
  }

  /** The message is a sentence: Zeus's client puts another one behind it. */
  private static Future<String> goOn(Throwable trouble) {
    return switch (trouble) {
      case DatabaseLost lost ->
          Future.succeededFuture(verdict(false, false, "not recorded: " + lost.getMessage()));
      case TimeoutException late ->
          Future.succeededFuture(
              verdict(false, false, "not recorded yet: the database of batch sizes is slow"));
      default -> Future.failedFuture(trouble);
    };
  }

  private static String verdict(boolean stop, boolean converged, String message) {
    return object()
        .put("stop_train", stop)
        .put("converged", converged)
        .put("message", message.isEmpty() ? "" : message + ".")
        .toString();
  }

  private void end(RoutingContext context) {
    Body body = Body.read(text(context));
    String id = body.text("job_id");
    int batchSize = body.whole("batch_size");
    int number = body.whole("trial_number");
    body.check();
    settle(
        context,
        desk.fail(id, number, OptionalInt.of(batchSize)),
        kind -> 404,
        told -> send(context, 200, "null"));
  }
}
