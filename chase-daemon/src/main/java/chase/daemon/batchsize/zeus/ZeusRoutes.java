package chase.daemon.batchsize.zeus;

import static chase.daemon.batchsize.zeus.ZeusReplies.handle;
import static chase.daemon.batchsize.zeus.ZeusReplies.object;
import static chase.daemon.batchsize.zeus.ZeusReplies.respond;
import static chase.daemon.batchsize.zeus.ZeusReplies.send;

import chase.daemon.batchsize.BatchSizeException;
import chase.daemon.batchsize.BatchSizeException.Kind;
import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.DatabaseUnavailable;
import chase.daemon.batchsize.PydanticBody;
import chase.daemon.batchsize.PydanticBody.ValidationException.Mistake;
import chase.daemon.batchsize.StoredStudy;
import chase.daemon.batchsize.TrialResult;
import chase.daemon.batchsize.ZeusJob;
import chase.daemon.batchsize.ZeusJobText;
import chase.daemon.batchsize.zeus.UnrecordedTrials.StopDecision;
import chase.daemon.http.RequestFailures;
import chase.zeus.batchsize.SearchMethod;
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
public final class ZeusRoutes {
  public static final int BODY_LIMIT = 64 * 1024;
  private static final int HASH_DIGITS = 8;

  /** Zeus's client waits for 5 s (httpx's default), whatever it asks. */
  private static final int TIMEOUT_SECONDS = 3;

  private final UnrecordedTrials unrecorded = new UnrecordedTrials();
  private final BatchSizeService service;
  private final SearchMethod method;
  private final RequestFailures failures;

  /** Routes whose jobs are all given their batch sizes by {@code method}. */
  ZeusRoutes(BatchSizeService desk, SearchMethod method, RequestFailures failures) {
    this.service = desk;
    this.method = method;
    this.failures = failures;
  }

  /** What the server does with a request. Clients say nothing of a body's type: all is JSON. */
  Handler<HttpServerRequest> handler(Vertx vertx) {
    Router router = Router.router(vertx);
    failures.attach(router);
    router.route().handler(ZeusRoutes::refuseBrowsers);
    router.route().handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    router.post("/jobs").handler(handle(this::register));
    router.delete("/jobs").handler(handle(this::delete));
    router.get("/jobs/batch_size").handler(handle(this::next));
    router.post("/report").handler(handle(this::report));
    router.patch("/trials").handler(handle(this::end));
    ZeusReplies.answerFailuresOf(router, BODY_LIMIT);
    return request -> {
      request.headers().set(HttpHeaders.CONTENT_TYPE, "application/json");
      router.handle(request);
    };
  }

  /** Nobody signs in here, so that no page which a user of this host reads may change jobs. */
  private static void refuseBrowsers(RoutingContext context) {
    if (context.request().headers().contains(HttpHeaders.ORIGIN)) {
      ZeusReplies.message(context, 403, "web pages may not use this API");
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
      throw new PydanticBody.ValidationException(
          List.of(new Mistake("query", "job_id", "field required", "value_error.missing")));
    }
    return id;
  }

  /** A database that cannot be used is no reason for a client not to train. */
  private void register(RoutingContext context) {
    ZeusJob job = ZeusJobText.read(text(context), hash(UUID.randomUUID().toString()));
    Future<Boolean> fresh =
        withTimeout(service.register(job, method))
            .map(StoredStudy.RegistrationResult::created)
            .recover(trouble ->
                isUnavailable(trouble)
                    ? Future.succeededFuture(true)
                    : Future.failedFuture(trouble))
            .onSuccess(kept -> unrecorded.remember(job));
    respond(
        context,
        fresh,
        kind -> kind == Kind.DIFFERS ? 409 : 400,
        kept -> send(context, kept ? 201 : 200, job.json()));
  }

  private static <T> Future<T> withTimeout(Future<T> question) {
    return question.timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private static boolean isUnavailable(Throwable trouble) {
    return trouble instanceof DatabaseUnavailable || trouble instanceof TimeoutException;
  }

  private static boolean is(Throwable trouble, Kind kind) {
    return trouble instanceof BatchSizeException refused && refused.kind() == kind;
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
    respond(
        context, withTimeout(service.delete(id)), kind -> 404, gone -> send(context, 200, "null"));
  }

  /** What a run is to train with. */
  private record StartedTrial(int batchSize, int number) {}

  private void next(RoutingContext context) {
    String id = jobId(context);
    Future<TrialResult> told =
        service.startTrial(id).recover(trouble -> registerAndStart(id, trouble));
    Future<StartedTrial> begun =
        withTimeout(told)
            .onFailure(trouble -> {
              if (trouble instanceof TimeoutException) {
                told.onSuccess(service::withdraw);
              }
            })
            .map(next -> new StartedTrial(next.trial().batchSize(), next.trial().number()))
            .recover(trouble -> startUnrecorded(id, trouble));
    respond(
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
  private Future<TrialResult> registerAndStart(String id, Throwable trouble) {
    Optional<ZeusJob> job = is(trouble, Kind.UNKNOWN_JOB) ? unrecorded.find(id) : Optional.empty();
    return job.isEmpty()
        ? Future.failedFuture(trouble)
        : service.register(job.get(), method).compose(kept -> service.startTrial(id));
  }

  /** A run that cannot be kept trains all the same. */
  private Future<StartedTrial> startUnrecorded(String id, Throwable trouble) {
    Optional<ZeusJob> job = isUnavailable(trouble) ? unrecorded.find(id) : Optional.empty();
    if (job.isPresent()) {
      return Future.succeededFuture(
          new StartedTrial(job.get().defaultBatchSize(), UnrecordedTrials.NUMBER));
    }
    return is(trouble, Kind.NO_ROOM)
        ? withTimeout(service.suggest(id))
            .map(run -> new StartedTrial(run.batchSize(), UnrecordedTrials.NUMBER))
        : Future.failedFuture(trouble);
  }

  /**
   * Zeus's client ends the training at every answer but 2xx, and at none, so that a report which
   * cannot be recorded, or not soon, is answered with "go on": the next one counts from the trial's
   * start and makes up. One whose figures cannot be is answered by the target and the epochs.
   */
  private void report(RoutingContext context) {
    ZeusReport report = ZeusReport.read(text(context));
    Future<StopDecision> verdict =
        report.report().trial() == UnrecordedTrials.NUMBER
            ? decideUnrecorded(report, "not recorded: this run began while none could be")
            : report.measured() ? record(report) : unmeasured(report);
    respond(
        context,
        verdict.recover(ZeusRoutes::keepTraining),
        kind -> 400,
        answer -> send(context, 200, json(answer)));
  }

  private Future<StopDecision> record(ZeusReport report) {
    return withTimeout(service.report(report.jobId(), report.report()))
        .map(told ->
            new StopDecision(!told.trial().isRunning(), told.trial().reached(), told.message()));
  }

  private Future<StopDecision> decideUnrecorded(ZeusReport report, String message) {
    Optional<StudySpec> known = unrecorded.find(report.jobId()).map(job -> job.study(method));
    return known
        .map(Future::succeededFuture)
        .orElseGet(() -> withTimeout(service.find(report.jobId())).map(job -> job.study().spec()))
        .map(spec ->
            StopDecision.of(spec, report.report().metric(), report.report().epoch(), message));
  }

  /** Nothing is learnt from a run of which nothing is known when it ends. */
  private Future<StopDecision> unmeasured(ZeusReport report) {
    int number = report.report().trial();
    return withTimeout(service.find(report.jobId()))
        .map(job -> job.trial(number))
        .compose(trial ->
            trial.reached()
                ? Future.succeededFuture(
                    new StopDecision(true, true, "its end is already reported"))
                : decideUnrecorded(
                    report, "not recorded: its time or energy is no figure that can be"))
        .onSuccess(verdict -> {
          if (verdict.stop()) {
            service.fail(report.jobId(), number, OptionalInt.empty());
          }
        });
  }

  /** The message is a sentence: Zeus's client puts another one behind it. */
  private static Future<StopDecision> keepTraining(Throwable trouble) {
    return switch (trouble) {
      case DatabaseUnavailable lost ->
          Future.succeededFuture(StopDecision.keepTraining("not recorded: " + lost.getMessage()));
      case BatchSizeException refused when refused.kind() == Kind.NO_ROOM ->
          Future.succeededFuture(
              StopDecision.keepTraining("not recorded: " + refused.getMessage()));
      case TimeoutException late ->
          Future.succeededFuture(
              StopDecision.keepTraining("not recorded yet: the database of batch sizes is slow"));
      default -> Future.failedFuture(trouble);
    };
  }

  private static String json(StopDecision verdict) {
    return object()
        .put("stop_train", verdict.stop())
        .put("converged", verdict.converged())
        .put("message", verdict.message().isEmpty() ? "" : verdict.message() + ".")
        .toString();
  }

  private void end(RoutingContext context) {
    PydanticBody body = PydanticBody.read(text(context));
    String id = body.text("job_id");
    int batchSize = body.whole("batch_size");
    int number = body.whole("trial_number");
    body.check();
    Future<?> ended =
        number == UnrecordedTrials.NUMBER
            ? Future.succeededFuture(true)
            : withTimeout(service.fail(id, number, OptionalInt.of(batchSize)));
    respond(context, ended, kind -> 404, told -> send(context, 200, "null"));
  }
}
