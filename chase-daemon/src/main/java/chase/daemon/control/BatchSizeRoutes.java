package chase.daemon.control;

import chase.daemon.access.Caller;
import chase.daemon.api.ApiJson;
import chase.daemon.api.BatchSizeRequest;
import chase.daemon.batchsize.BatchSizeException;
import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.LimitHints;
import chase.daemon.batchsize.StoredStudy;
import chase.daemon.batchsize.TrialResult;
import chase.daemon.profiles.JobFingerprint;
import chase.zeus.batchsize.SearchMethod;
import chase.zeus.engine.Snapshot;
import chase.zeus.profile.PowerProfile;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The batch sizes of recurring jobs under {@code /v1/batch-sizes}. */
public final class BatchSizeRoutes {
  private static final String ALL = "/v1/batch-sizes";
  private static final String ONE = ALL + "/:name";
  private static final String TRIALS = ONE + "/trials";
  private static final String TRIAL = TRIALS + "/:trial";

  /** A page of the list: no answer grows with what others have registered. */
  private static final int MAX_LISTED = 100;

  private final BatchSizeService service;
  private final Supplier<Snapshot> snapshot;
  private final Function<List<JobFingerprint>, Future<Map<JobFingerprint, PowerProfile>>> profiles;
  private final RequestReader requests = new RequestReader();
  private final ResponseWriter responses = new ResponseWriter(ApiJson.mapper());

  /**
   * Routes to {@code service}.
   *
   * @param snapshot the engine's state; any thread may call
   * @param profiles what was measured of jobs
   */
  public BatchSizeRoutes(
      BatchSizeService service,
      Supplier<Snapshot> snapshot,
      Function<List<JobFingerprint>, Future<Map<JobFingerprint, PowerProfile>>> profiles) {
    this.service = service;
    this.snapshot = snapshot;
    this.profiles = profiles;
  }

  /** Adds the paths to {@code router}, on the server's context; failures are the router's. */
  public void mount(Vertx vertx, Router router) {
    router.get(ALL).handler(this::all);
    router.get(ONE).handler(this::one);
    command(router.route(HttpMethod.POST, ALL), this::register);
    command(router.route(HttpMethod.DELETE, ONE), this::delete);
    command(router.route(HttpMethod.POST, TRIALS), this::dispatch);
    command(router.route(HttpMethod.POST, TRIAL + "/report"), this::report);
    command(router.route(HttpMethod.POST, TRIAL + "/fail"), this::fail);
  }

  private static void command(Route route, Consumer<RoutingContext> action) {
    route
        .handler(BodyHandler.create(false).setBodyLimit(RequestReader.MAX_BODY_BYTES))
        .handler(action::accept);
  }

  private void all(RoutingContext context) {
    MultiMap parameters = context.queryParams();
    String after = Objects.requireNonNullElse(parameters.get("after"), "");
    int limit = limit(parameters.get("limit"));
    respondWith(
        context,
        service.list(after, limit, BatchSizeBodies::body),
        jobs -> {
          if (jobs.size() == limit) {
            String name = jobs.getLast().name();
            context.response().putHeader("Link", next(name, limit));
          }
          responses.send(context, 200, jobs);
        });
  }

  private static String next(String name, int limit) {
    String after = URLEncoder.encode(name, StandardCharsets.UTF_8);
    return String.format(Locale.ROOT, "<%s?after=%s&limit=%d>; rel=\"next\"", ALL, after, limit);
  }

  private static int limit(@Nullable String text) {
    try {
      int limit = text == null ? MAX_LISTED : Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LISTED) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw new ApiException(
        422,
        "bad_value",
        String.format(Locale.ROOT, "'limit' must lie in 1 to %d: '%s'", MAX_LISTED, text));
  }

  private void one(RoutingContext context) {
    // The cost model is sampled a thousand times: off the event loop.
    respond(
        context,
        200,
        service
            .find(name(context))
            .compose(job ->
                limitHints(job)
                    .compose(limits ->
                        context
                            .vertx()
                            .executeBlocking(() -> BatchSizeBodies.details(job, limits), false))));
  }

  private void register(RoutingContext context) {
    var job =
        BatchSizeRegistration.job(requests.read(context, BatchSizeRequest.class), snapshot.get());
    respondWith(
        context,
        service
            .register(job, SearchMethod.CHASE, owner(context))
            .map(kept -> {
              requireOwn(context, kept.stored());
              return kept;
            }),
        kept ->
            responses.send(
                context, kept.created() ? 201 : 200, BatchSizeBodies.body(kept.stored())));
  }

  private void delete(RoutingContext context) {
    String name = name(context);
    respond(
        context,
        200,
        own(context).compose(job -> service.delete(name).map(gone -> BatchSizeBodies.body(job))));
  }

  private void dispatch(RoutingContext context) {
    respond(
        context,
        201,
        own(context).compose(job -> service.startTrial(name(context))).compose(this::answer));
  }

  private void report(RoutingContext context) {
    var request = requests.read(context, BatchSizeRequest.TrialReportRequest.class);
    String name = name(context);
    int trial = trial(context);
    respond(
        context,
        200,
        own(context)
            .map(job -> BatchSizeRegistration.report(request, trial, job.trial(trial).batchSize()))
            .compose(report -> service.report(name, report))
            .compose(this::answer));
  }

  private void fail(RoutingContext context) {
    respond(
        context,
        200,
        own(context)
            .compose(job -> service.fail(name(context), trial(context), Optional.empty()))
            .compose(this::answer));
  }

  private static Optional<StoredStudy.StudyOwner> owner(RoutingContext context) {
    return Caller.of(context)
        .peer()
        .map(peer -> new StoredStudy.StudyOwner(peer.user(), peer.uid()));
  }

  /** The job that a path names, which is the caller's unless they are an operator. */
  private Future<StoredStudy> own(RoutingContext context) {
    return service
        .find(name(context))
        .map(job -> {
          requireOwn(context, job);
          return job;
        });
  }

  private static void requireOwn(RoutingContext context, StoredStudy job) {
    Optional<StoredStudy.StudyOwner> owner = job.owner();
    Caller.of(context)
        .requireOwn(
            owner.flatMap(StoredStudy.StudyOwner::uid),
            owner.map(StoredStudy.StudyOwner::user),
            "recurring job '%s' is %s"
                .formatted(
                    job.job().name(), owner.map(who -> who.user() + "'s").orElse("nobody's")));
  }

  private Future<Object> answer(TrialResult result) {
    return limitHints(result.stored()).map(limits -> BatchSizeBodies.answer(result, limits));
  }

  /** A hint only: where profiles cannot be read there is none. */
  private Future<LimitHints> limitHints(StoredStudy job) {
    return profiles
        .apply(LimitHints.fingerprints(job))
        .map(known -> LimitHints.of(job, known))
        .otherwise(new LimitHints(Map.of()));
  }

  private void respond(RoutingContext context, int status, Future<?> result) {
    respondWith(context, result, body -> responses.send(context, status, body));
  }

  private <T> void respondWith(RoutingContext context, Future<T> result, Consumer<T> answer) {
    var here = context.vertx().getOrCreateContext();
    result.onComplete(done ->
        here.runOnContext(back -> {
          if (done.succeeded()) {
            answer.accept(done.result());
          } else {
            context.fail(failure(done.cause()));
          }
        }));
  }

  private static Throwable failure(Throwable cause) {
    return switch (cause) {
      case BatchSizeException refused -> failure(refused, String.valueOf(refused.getMessage()));
      default -> cause;
    };
  }

  private static ApiException failure(BatchSizeException refused, String detail) {
    return switch (refused.kind()) {
      case UNKNOWN_JOB -> new ApiException(404, "unknown_batch_size_job", detail);
      case UNKNOWN_TRIAL -> new ApiException(404, "unknown_trial", detail);
      case WRONG_BATCH_SIZE, STALE, DIFFERS -> new ApiException(409, "conflict", detail);
      case TOO_MANY -> new ApiException(429, "too_many", detail);
      case NO_ROOM -> new ApiException(507, "no_room", detail);
      case NO_SIGNAL -> new ApiException(409, "no_signal", detail);
      case UNAVAILABLE -> new ApiException(503, "database_lost", detail);
    };
  }

  private static String name(RoutingContext context) {
    return Objects.requireNonNull(context.pathParam("name"));
  }

  private static int trial(RoutingContext context) {
    String number = Objects.requireNonNull(context.pathParam("trial"));
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw new ApiException(404, "unknown_trial", "'%s' is no trial's number".formatted(number));
    }
  }
}
