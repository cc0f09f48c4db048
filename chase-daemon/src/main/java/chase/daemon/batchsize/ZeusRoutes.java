package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusAnswers.guarded;
import static chase.daemon.batchsize.ZeusAnswers.object;
import static chase.daemon.batchsize.ZeusAnswers.send;
import static chase.daemon.batchsize.ZeusAnswers.settle;

import chase.daemon.batchsize.Invalid.Mistake;
import chase.daemon.batchsize.Refused.Kind;
import chase.daemon.batchsize.UnrecordedRuns.Verdict;
import chase.daemon.http.RequestFailures;
import chase.zeus.batchsize.Method;
import chase.zeus.batchsize.StudySpec;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Zeus's batch-size API, path by path as its own server answers it. */
final class ZeusRoutes {
  static final int BODY_LIMIT = 64 * 1024;
  private static final int HASH_DIGITS = 8;

  /** Zeus's client waits for 5 s (httpx's default), whatever it asks. */
  private static final int PATIENCE_SECONDS = 3;

  private final UnrecordedRuns unrecorded = new UnrecordedRuns();
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
    String id = context.queryParams().get("job_id"); // 400 where it cannot be decoded
    if (id == null) {
      throw new Invalid(
          List.of(new Mistake("query", "job_id", "field required", "value_error.missing")));
    }
    return id;
  }

  /** A database that cannot be used is no reason for a client not to train. */
  private void register(RoutingContext context) {
    ZeusJob job = ZeusJobText.read(text(context), hash(UUID.randomUUID().toString()));
    Future<Boolean> fresh =
        soon(desk.register(job, method))
            .map(Registered::fresh)
            .recover(trouble ->
                isAway(trouble) ? Future.succeededFuture(true) : Future.failedFuture(trouble))
            .onSuccess(kept -> unrecorded.remember(job));
    settle(
        context,
        fresh,
        kind -> kind == Kind.DIFFERS ? 409 : 400,
        kept -> send(context, kept ? 201 : 200, job.json()));
  }

  private static <T> Future<T> soon(Future<T> question) {
    return question.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static boolean isAway(Throwable trouble) {
    return trouble instanceof DatabaseLost || trouble instanceof TimeoutException;
  }

  private static boolean is(Throwable trouble, Kind kind) {
    return trouble instanceof Refused refused && refused.kind() == kind;
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
    unrecorded.forget(id);
    settle(context, soon(desk.delete(id)), kind -> 404, gone -> send(context, 200, "null"));
  }

  /** What a run is to train with. */
  private record Begun(int batchSize, int number) {}

  private void next(RoutingContext context) {
    String id = jobId(context);
    Future<Told> told = desk.dispatch(id).recover(trouble -> again(id, trouble));
    Future<Begun> begun =
        soon(told)
            .onFailure(trouble -> {
              if (trouble instanceof TimeoutException) {
                told.onSuccess(desk::withdraw);
              }
            })
            .map(next -> new Begun(next.trial().batchSize(), next.trial().number()))
            .recover(trouble -> unrecorded(id, trouble));
    settle(
        context,
        begun,
        kind -> 400,
        next ->
            send(
                context,
                200,
                object()
                    .put("job_id", id)
                    .put("batch_size", next.batchSize())
                    .put("trial_number", next.number())
                    .toString()));
  }

  /** A job that was registered while the database was away is registered now. */
  private Future<Told> again(String id, Throwable trouble) {
    Optional<ZeusJob> job = is(trouble, Kind.UNKNOWN_JOB) ? unrecorded.find(id) : Optional.empty();
    return job.isEmpty()
        ? Future.failedFuture(trouble)
        : desk.register(job.get(), method).compose(kept -> desk.dispatch(id));
  }

  /** A run that cannot be kept trains all the same. */
  private Future<Begun> unrecorded(String id, Throwable trouble) {
    Optional<ZeusJob> job = isAway(trouble) ? unrecorded.find(id) : Optional.empty();
    if (job.isPresent()) {
      return Future.succeededFuture(new Begun(job.get().defaultBatchSize(), UnrecordedRuns.TRIAL));
    }
    return is(trouble, Kind.NO_ROOM)
        ? soon(desk.choose(id)).map(run -> new Begun(run.batchSize(), UnrecordedRuns.TRIAL))
        : Future.failedFuture(trouble);
  }

  /**
   * Zeus's client ends the training at every answer but 2xx, and at none, so that a report which
   * cannot be recorded, or not soon, is answered with "go on": the next one counts from the trial's
   * start and makes up. One whose figures cannot be is answered by the target and the epochs.
   */
  private void report(RoutingContext context) {
    ZeusReport report = ZeusReport.read(text(context));
    Future<Verdict> verdict =
        report.report().trial() == UnrecordedRuns.TRIAL
            ? judged(report, "not recorded: this run began while none could be")
            : report.measured() ? recorded(report) : unmeasured(report);
    settle(
        context,
        verdict.recover(ZeusRoutes::goOn),
        kind -> 400,
        answer -> send(context, 200, json(answer)));
  }

  private Future<Verdict> recorded(ZeusReport report) {
    return soon(desk.report(report.jobId(), report.report()))
        .map(
            told -> new Verdict(!told.trial().isRunning(), told.trial().reached(), told.message()));
  }

  private Future<Verdict> judged(ZeusReport report, String message) {
    Optional<StudySpec> known = unrecorded.find(report.jobId()).map(job -> job.study(method));
    return known
        .map(Future::succeededFuture)
        .orElseGet(() -> soon(desk.find(report.jobId())).map(job -> job.study().spec()))
        .map(spec -> Verdict.of(spec, report.report().metric(), report.report().epoch(), message));
  }

  /** Nothing is learnt from a run of which nothing is known when it ends. */
  private Future<Verdict> unmeasured(ZeusReport report) {
    int number = report.report().trial();
    return soon(desk.find(report.jobId()))
        .map(job -> job.trial(number))
        .compose(trial ->
            trial.reached()
                ? Future.succeededFuture(new Verdict(true, true, "its end is already reported"))
                : judged(report, "not recorded: its time or energy is no figure that can be"))
        .onSuccess(verdict -> {
          if (verdict.stop()) {
            desk.fail(report.jobId(), number, OptionalInt.empty());
          }
        });
  }

  /** The message is a sentence: Zeus's client puts another one behind it. */
  private static Future<Verdict> goOn(Throwable trouble) {
    return switch (trouble) {
      case DatabaseLost lost ->
          Future.succeededFuture(Verdict.goOn("not recorded: " + lost.getMessage()));
      case Refused refused when refused.kind() == Kind.NO_ROOM ->
          Future.succeededFuture(Verdict.goOn("not recorded: " + refused.getMessage()));
      case TimeoutException late ->
          Future.succeededFuture(
              Verdict.goOn("not recorded yet: the database of batch sizes is slow"));
      default -> Future.failedFuture(trouble);
    };
  }

  private static String json(Verdict verdict) {
    return object()
        .put("stop_train", verdict.stop())
        .put("converged", verdict.converged())
        .put("message", verdict.message().isEmpty() ? "" : verdict.message() + ".")
        .toString();
  }

  private void end(RoutingContext context) {
    Body body = Body.read(text(context));
    String id = body.text("job_id");
    int batchSize = body.whole("batch_size");
    int number = body.whole("trial_number");
    body.check();
    Future<?> ended =
        number == UnrecordedRuns.TRIAL
            ? Future.succeededFuture(true)
            : soon(desk.fail(id, number, OptionalInt.of(batchSize)));
    settle(context, ended, kind -> 404, told -> send(context, 200, "null"));
  }
}
