package chase.daemon.control;

import chase.daemon.access.Access;
import chase.daemon.access.AuditLog.AuditedLimit;
import chase.daemon.access.Caller;
import chase.daemon.access.Role;
import chase.daemon.access.RouteRoles;
import chase.daemon.api.ApiJson;
import chase.daemon.api.GpuBody;
import chase.daemon.api.PolicyBody;
import chase.daemon.api.StatusBody;
import chase.daemon.bodies.GpuBodies;
import chase.daemon.bodies.SignalBodies;
import chase.daemon.explain.GpuExplanation;
import chase.daemon.grid.GridState;
import chase.daemon.host.ProcessTable;
import chase.daemon.host.SocketPeer;
import chase.daemon.http.RequestFailures;
import chase.daemon.ledger.Ledger;
import chase.daemon.text.Durations;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.Reason;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** The paths under {@code /v1}. */
final class ControlRoutes {
  /** Long enough for any job, short enough that no limit is forgotten for good. */
  static final Duration MAX_OVERRIDE = Duration.ofDays(30);

  private final ApiState state;
  private final Access access;
  private final BiConsumer<Vertx, Router> others;
  private final EventRoutes streams;
  private final RequestFailures failures;
  private final ResponseWriter responses;
  private final RequestReader requests = new RequestReader();
  private final PolicyRoutes policies;
  private final JobRoutes jobs;
  private final ReportRoutes reports;
  private volatile boolean stopping;

  ControlRoutes(
      ApiState state,
      Access access,
      Ledger ledger,
      EventRoutes streams,
      BiConsumer<Vertx, Router> others,
      RequestFailures failures) {
    this.state = state;
    this.access = access;
    this.others = others;
    this.streams = streams;
    this.failures = failures;
    JsonMapper mapper = ApiJson.mapper();
    this.responses = new ResponseWriter(mapper);
    this.policies = new PolicyRoutes(state, requests, responses);
    this.reports = new ReportRoutes(ledger, state, responses, mapper);
    this.jobs =
        new JobRoutes(
            state,
            requests,
            responses,
            new ProcessGpus.Finder(state.governor(), new ProcessTable(ProcessTable.SYSTEM)),
            reports);
  }

  void refuseCommands() {
    stopping = true;
  }

  /** What the server does with a request. */
  Handler<HttpServerRequest> handler(Vertx vertx) {
    Router router = router(vertx);
    return request -> {
      // curl declares every body a form by default; here every body is JSON.
      request.headers().set(HttpHeaders.CONTENT_TYPE, "application/json");
      router.handle(request);
    };
  }

  private Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    failures.attach(router);
    RouteRoles roles = new RouteRoles(access, this::limits, state.clock());
    roles.mount(router);
    router.get("/v1/whoami").handler(context -> responses.send(context, caller(context)));
    RecordRoutes records = new RecordRoutes(access.audit(), state.archive(), responses);
    router.get("/v1/audit").handler(records::audit);
    router.get("/v1/signal/history").handler(records::signal);
    get(router, "/v1/status", (bodies, context) -> state.status());
    get(router, "/v1/gpus", (bodies, context) -> bodies.gpus());
    get(
        router,
        "/v1/gpus/:gpu",
        (bodies, context) -> bodies.gpu(state.gpu(bodies.snapshot(), context)));
    get(
        router,
        "/v1/gpus/:gpu/explain",
        (bodies, context) -> bodies.explain(state.gpu(bodies.snapshot(), context)));
    get(
        router,
        "/v1/signal",
        (bodies, context) ->
            new SignalBodies(bodies.grid(), bodies.now()).whole(state.calls().get()));
    get(router, "/v1/policy", (bodies, context) -> bodies.policy());
    get(router, "/v1/jobs", (bodies, context) -> bodies.jobs());
    router.get("/v1/jobs/:job").handler(jobs::show);
    router.get("/v1/report").handler(reports::report);
    router.get("/v1/events").handler(context -> streams.open(context, state.status()));

    command(router.route(HttpMethod.PUT, "/v1/policy"), policies::choose);
    command(router.route(HttpMethod.DELETE, "/v1/policy"), policies::clear);
    command(router.route(HttpMethod.POST, "/v1/policy/confirm"), policies::confirm);
    command(router.route(HttpMethod.POST, "/v1/jobs"), jobs::start);
    command(router.route(HttpMethod.POST, "/v1/jobs/:job/steps"), jobs::steps);
    command(router.route(HttpMethod.DELETE, "/v1/jobs/:job"), jobs::end);
    jobs.endJobsWithTheirProcesses(vertx);
    command(router.route(HttpMethod.PUT, "/v1/gpus/:gpu/override"), this::override);
    command(router.route(HttpMethod.POST, "/v1/gpus/:gpu/override"), this::override);
    command(router.route(HttpMethod.DELETE, "/v1/gpus/:gpu/override"), this::release);
    PauseRoutes pauses = new PauseRoutes(state, requests, responses);
    command(router.route(HttpMethod.POST, "/v1/pause"), pauses::pause);
    command(router.route(HttpMethod.POST, "/v1/resume"), pauses::resume);
    command(router.route(HttpMethod.POST, "/v1/gpus/:gpu/pause"), pauses::pauseGpu);
    command(router.route(HttpMethod.POST, "/v1/gpus/:gpu/resume"), pauses::resumeGpu);
    command(router.route(HttpMethod.POST, "/v1/driver/release"), pauses::releaseDriver);
    command(router.route(HttpMethod.POST, "/v1/driver/reopen"), pauses::reopenDriver);
    others.accept(vertx, router);
    roles.requireAll(router);
    responses.handleFailures(router);
    return router;
  }

  private List<AuditedLimit> limits() {
    Snapshot snapshot = state.snapshot();
    GridState grid = state.grid().get();
    return snapshot.gpus().stream()
        .map(gpu ->
            new AuditedLimit(
                gpu.traits().index(),
                gpu.traits().id().uuid(),
                gpu.limits().map(limits -> limits.requested().value()),
                gpu.target().map(Watts::value),
                new GpuExplanation(snapshot, gpu, grid, now()).reason().clause()))
        .toList();
  }

  private static StatusBody.CallerBody caller(RoutingContext context) {
    Caller caller = Caller.of(context);
    Optional<SocketPeer> peer = caller.peer();
    return new StatusBody.CallerBody(
        peer.map(SocketPeer::user).orElse(""),
        peer.flatMap(SocketPeer::uid),
        peer.flatMap(SocketPeer::gid),
        peer.map(SocketPeer::groups).orElse(Set.of()).stream().sorted().toList(),
        peer.flatMap(SocketPeer::pid),
        caller.role().map(Role::word));
  }

  private void get(
      Router router, String path, BiFunction<GpuBodies, RoutingContext, Object> answer) {
    router
        .get(path)
        .handler(context -> responses.send(context, answer.apply(state.bodies(), context)));
  }

  private void command(Route route, Consumer<RoutingContext> action) {
    route
        .handler(BodyHandler.create(false).setBodyLimit(RequestReader.MAX_BODY_BYTES))
        .handler(context -> {
          requireRunning();
          ResponseWriter.warnAtEnd(context, state.governor()::unsaved);
          action.accept(context);
        });
  }

  private void requireRunning() {
    boolean restoring =
        state.snapshot().gpus().stream()
            .anyMatch(gpu -> gpu.reason() instanceof Reason.ChaseStopping);
    if (stopping || restoring) {
      throw new ApiException(503, "stopping", "Chase is stopping and takes no commands");
    }
  }

  private void override(RoutingContext context) {
    GpuId gpu = state.gpu(state.snapshot(), context).traits().id();
    var request = requests.read(context, GpuBody.OverrideRequest.class);
    Instant now = now();
    var command =
        new Event.OverrideSet(
            gpu,
            watts(state.snapshot().gpu(gpu).orElseThrow(), request.limitWatts()),
            now.plus(duration(request.lasting())),
            now);
    execute(context, command, after -> overridden(after, gpu));
  }

  private void release(RoutingContext context) {
    GpuId gpu = state.gpu(state.snapshot(), context).traits().id();
    boolean held = state.snapshot().requests().overrides().containsKey(gpu);
    execute(
        context,
        new Event.OverrideReleased(gpu, now()),
        after ->
            new StatusBody.OverrideReleaseBody(
                state.bodies(after).gpu(after.gpu(gpu).orElseThrow()), held));
  }

  private void execute(
      RoutingContext context, Event.Command command, Function<Snapshot, Object> answer) {
    responses.respond(context, 200, state.command(context, command).map(answer));
  }

  /** The GPU after an override, which the driver may have refused though the engine agreed. */
  private Object overridden(Snapshot after, GpuId id) {
    GpuView gpu = after.gpu(id).orElseThrow();
    GpuExplanation explanation = new GpuExplanation(after, gpu, state.grid().get(), now());
    if (!explanation.reason().word().equals("overridden")) {
      throw new ApiException(409, "not_applied", "the limit was not set: " + explanation.text());
    }
    return state.bodies(after).gpu(gpu);
  }

  private static Watts watts(GpuView gpu, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      String range = gpu.allowed().map(allowed -> ", " + allowed + " on this GPU").orElse("");
      throw new ApiException(
          422, "out_of_range", "limit_watts must be above 0%s: %s".formatted(range, value));
    }
    return new Watts(value);
  }

  /** How long a field {@code for} says, at most {@link #MAX_OVERRIDE}. */
  static Duration duration(String text) {
    return duration("for", text);
  }

  private static Duration duration(String field, String text) {
    Duration duration;
    try {
      duration = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue("field '%s': %s".formatted(field, e.getMessage()));
    }
    if (!duration.isPositive() || duration.compareTo(MAX_OVERRIDE) > 0) {
      throw new ApiException(
          422,
          "out_of_range",
          "field '%s' must lie above 0s and up to %s: '%s'"
              .formatted(field, Durations.format(MAX_OVERRIDE), text));
    }
    return duration;
  }

  private Instant now() {
    return state.now();
  }

  /** Chooses and clears policies of the host, of GPUs and of jobs. */
  static final class PolicyRoutes {
    private final ApiState state;
    private final RequestReader requests;
    private final ResponseWriter responses;

    PolicyRoutes(ApiState state, RequestReader requests, ResponseWriter responses) {
      this.state = state;
      this.requests = requests;
      this.responses = responses;
    }

    void choose(RoutingContext context) {
      var request = requests.read(context, PolicyBody.PolicyRequest.class);
      PowerPolicy policy = policy(request.policy());
      PolicyScope scope = scope(request.gpu(), request.job());
      Instant now = state.now();
      Optional<Instant> confirmBy =
          request.confirm().map(text -> now.plus(duration("confirm", text)));
      execute(context, new Event.PolicyChosen(policy, scope, confirmBy, now));
    }

    void clear(RoutingContext context) {
      execute(context, new Event.PolicyCleared(scope(context), state.now()));
    }

    /** Without a GPU or job every policy that is tried is confirmed. */
    void confirm(RoutingContext context) {
      boolean one = context.queryParams().contains("gpu") || context.queryParams().contains("job");
      Optional<PolicyScope> scope = one ? Optional.of(scope(context)) : Optional.empty();
      execute(context, new Event.PolicyConfirmed(scope, state.now()));
    }

    private PolicyScope scope(RoutingContext context) {
      return scope(
          Optional.ofNullable(context.queryParams().get("gpu")),
          Optional.ofNullable(context.queryParams().get("job")));
    }

    private void execute(RoutingContext context, Event.Command command) {
      responses.respond(
          context, 200, state.command(context, command).map(after -> state.bodies(after).policy()));
    }

    private PolicyScope scope(Optional<String> gpu, Optional<String> job) {
      if (gpu.isPresent() && job.isPresent()) {
        throw ApiException.badValue("a policy is for a GPU or for a job, not for both");
      }
      return gpu.<PolicyScope>map(
              name -> new PolicyScope.OneGpu(state.gpu(state.snapshot(), name).traits().id()))
          .or(() ->
              job.map(name -> new PolicyScope.OneJob(Lookup.job(state.snapshot(), name).id())))
          .orElseGet(PolicyScope.WholeHost::new);
    }

    private static PowerPolicy policy(String spec) {
      try {
        return PowerPolicy.parse(spec);
      } catch (IllegalArgumentException e) {
        throw ApiException.badValue(String.valueOf(e.getMessage()));
      }
    }
  }
}
