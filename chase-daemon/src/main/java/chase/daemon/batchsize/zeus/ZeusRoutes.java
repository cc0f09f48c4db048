package chase.daemon.batchsize.zeus;

import static chase.daemon.batchsize.zeus.ZeusReplies.handle;
import static chase.daemon.batchsize.zeus.ZeusReplies.object;
import static chase.daemon.batchsize.zeus.ZeusReplies.respond;
import static chase.daemon.batchsize.zeus.ZeusReplies.send;

import chase.daemon.batchsize.BatchSizeException;
import chase.daemon.batchsize.BatchSizeException.BatchSizeFailure;
import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.PydanticBody;
import chase.daemon.batchsize.PydanticBody.ValidationException.FieldError;
import chase.daemon.batchsize.StoredStudy;
import chase.daemon.batchsize.TrialResult;
import chase.daemon.batchsize.ZeusJob;
import chase.daemon.batchsize.zeus.UnrecordedTrials.StopDecision;
import chase.daemon.http.BrowserRequests;
import chase.daemon.http.HostNames;
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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Zeus's batch-size API, path by path as its own server answers it. */
final class ZeusRoutes {
  private static final int BODY_LIMIT = 64 * 1024;
  private static final int HASH_DIGITS = 8;

  /** Less than the 5 s for which Zeus's client waits for any response (httpx's default). */
  private static final int TIMEOUT_SECONDS = 3;

  private final UnrecordedTrials unrecorded = new UnrecordedTrials();
  private final BatchSizeService service;
  private final SearchMethod method;
  private final Optional<HostNames> names;
  private final RequestFailures failures;

  /** Routes whose jobs are all given their batch sizes by {@code method}. */
  ZeusRoutes(
      BatchSizeService service,
      SearchMethod method,
      Optional<HostNames> names,
      RequestFailures failures) {
    this.service = service;
    this.method = method;
    this.names = names;
    this.failures = failures;
  }

  /** Handles the server's requests. Clients do not name a body's type: all are JSON. */
  Handler<HttpServerRequest> handler(Vertx vertx) {
    Router router = Router.router(vertx);
    failures.attach(router);
    router.route().handler(this::refuseBrowsers);
    router.route().handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    router.post("/jobs").handler(handle(this::register));
    router.delete("/jobs").handler(handle(this::delete));
    router.get("/jobs/batch_size").handler(handle(this::next));
    router.post("/report").handler(handle(this::report));
    router.patch("/trials").handler(handle(this::end));
    ZeusReplies.handleFailures(router, BODY_LIMIT);
    return request -> {
      request.headers().set(HttpHeaders.CONTENT_TYPE, "application/json");
      router.handle(request);
    };
  }

  /**
   * On loopback there is no authentication, so a page in a browser on this host must not change
   * jobs; an image's address is enough for a GET, and that begins a trial here.
   */
  private void refuseBrowsers(RoutingContext context) {
    Optional<String> misnamed =
        names.flatMap(known -> known.refusal(context.request().headers().getAll(HttpHeaders.HOST)));
    if (misnamed.isPresent()) {
      ZeusReplies.message(context, 421, misnamed.get());
    } else if (BrowserRequests.isFromBrowser(context.request())) {
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
          List.of(new FieldError("query", "job_id", "field required", "value_error.missing")));
    }
    return id;
  }

  /** A client may train while the database cannot be used. */
  private void register(RoutingContext context) {
    ZeusJob job = ZeusJob.read(text(context), hash(UUID.randomUUID().toString()));
    Future<Boolean> created =
        withTimeout(service.register(job, method, Optional.empty()))
            .map(StoredStudy.RegistrationResult::created)
            .recover(failure ->
                isUnavailable(failure)
                    ? Future.succeededFuture(true)
                    : Future.failedFuture(failure))
            .onSuccess(registered -> unrecorded.remember(job));
    respond(
        context,
        created,
        kind -> kind == BatchSizeFailure.DIFFERS ? 409 : 400,
        isNew -> send(context, isNew ? 201 : 200, job.json()));
  }

  private static <T> Future<T> withTimeout(Future<T> result) {
    return result.timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private static boolean isUnavailable(Throwable failure) {
    return is(failure, BatchSizeFailure.UNAVAILABLE) || failure instanceof TimeoutException;
  }

  private static boolean is(Throwable failure, BatchSizeFailure kind) {
    return failure instanceof BatchSizeException refused && refused.kind() == kind;
  }

  /** The end of an id, as Zeus's server makes it; random, since two jobs may come at once. */
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

  /** What a training begins with. */
  private record StartedTrial(int batchSize, int number) {}

  private void next(RoutingContext context) {
    String id = jobId(context);
    Future<TrialResult> result =
        service.startTrial(id).recover(failure -> registerAndStart(id, failure));
    Future<StartedTrial> started =
        withTimeout(result)
            .onFailure(failure -> {
              if (failure instanceof TimeoutException) {
                result.onSuccess(service::withdraw);
              }
            })
            .map(next -> new StartedTrial(next.trial().batchSize(), next.trial().number()))
            .recover(failure -> startUnrecorded(id, failure));
    respond(
        context,
        started,
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

  /** Registers a job now that was registered while the database could not be used. */
  private Future<TrialResult> registerAndStart(String id, Throwable failure) {
    Optional<ZeusJob> job =
        is(failure, BatchSizeFailure.UNKNOWN_JOB) ? unrecorded.find(id) : Optional.empty();
    return job.isEmpty()
        ? Future.failedFuture(failure)
        : service
            .register(job.get(), method, Optional.empty())
            .compose(kept -> service.startTrial(id));
  }

  /** Lets a trial train that cannot be recorded. */
  private Future<StartedTrial> startUnrecorded(String id, Throwable failure) {
    Optional<ZeusJob> job = isUnavailable(failure) ? unrecorded.find(id) : Optional.empty();
    if (job.isPresent()) {
      return Future.succeededFuture(
          new StartedTrial(job.get().defaultBatchSize(), UnrecordedTrials.NUMBER));
    }
    return is(failure, BatchSizeFailure.NO_ROOM)
        ? withTimeout(service.suggest(id))
            .map(run -> new StartedTrial(run.batchSize(), UnrecordedTrials.NUMBER))
        : Future.failedFuture(failure);
  }

  /**
   * Zeus's client ends the training when it gets any status but 2xx, and when it gets none. So the
   * response to a report that cannot be recorded in time lets the training go on: the next report
   * again counts from the trial's start. A report with implausible figures is decided by the target
   * and the epochs.
   */
  private void report(RoutingContext context) {
    ZeusReport report = ZeusReport.read(text(context));
    Future<StopDecision> decision =
        report.report().trial() == UnrecordedTrials.NUMBER
            ? decideUnrecorded(report, "not recorded: this run began while none could be")
            : report.measured() ? record(report) : unmeasured(report);
    respond(
        context,
        decision.recover(ZeusRoutes::keepTraining),
        kind -> 400,
        made -> send(context, 200, json(made)));
  }

  private Future<StopDecision> record(ZeusReport report) {
    return withTimeout(service.report(report.jobId(), report.report()))
        .map(result ->
            new StopDecision(
                !result.trial().isRunning(), result.trial().reached(), result.message()));
  }

  private Future<StopDecision> decideUnrecorded(ZeusReport report, String message) {
    Optional<StudySpec> known = unrecorded.find(report.jobId()).map(job -> job.study(method));
    return known
        .map(Future::succeededFuture)
        .orElseGet(() -> withTimeout(service.find(report.jobId())).map(job -> job.study().spec()))
        .map(spec ->
            StopDecision.of(spec, report.report().metric(), report.report().epoch(), message));
  }

  /** A trial that ends without plausible figures counts as failed: the study learns nothing. */
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
        .onSuccess(decision -> {
          if (decision.stop()) {
            service.fail(report.jobId(), number, Optional.empty());
          }
        });
  }

  private static Future<StopDecision> keepTraining(Throwable failure) {
    return switch (failure) {
      case BatchSizeException refused
          when refused.kind() == BatchSizeFailure.NO_ROOM
              || refused.kind() == BatchSizeFailure.UNAVAILABLE ->
          Future.succeededFuture(
              StopDecision.keepTraining("not recorded: " + refused.getMessage()));
      case TimeoutException late ->
          Future.succeededFuture(
              StopDecision.keepTraining("not recorded yet: the database of batch sizes is slow"));
      default -> Future.failedFuture(failure);
    };
  }

  /** The message ends as a sentence, since Zeus's client appends another one. */
  private static String json(StopDecision decision) {
    return object()
        .put("stop_train", decision.stop())
        .put("converged", decision.converged())
        .put("message", decision.message().isEmpty() ? "" : decision.message() + ".")
        .toString();
  }

  private void end(RoutingContext context) {
    PydanticBody body = PydanticBody.read(text(context));
    String id = body.text("job_id");
    int batchSize = body.integer("batch_size");
    int number = body.integer("trial_number");
    body.check();
    Future<?> ended =
        number == UnrecordedTrials.NUMBER
            ? Future.succeededFuture(true)
            : withTimeout(service.fail(id, number, Optional.of(batchSize)));
    respond(context, ended, kind -> 404, done -> send(context, 200, "null"));
  }
}
