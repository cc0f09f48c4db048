package chase.daemon.control;

import chase.daemon.access.Caller;
import chase.daemon.access.GpuUse;
import chase.daemon.api.JobRequest;
import chase.daemon.bodies.GpuBodies;
import chase.daemon.bodies.JobBodies;
import chase.daemon.host.SocketPeer;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Registers jobs, takes their reports and shows them. */
final class JobRoutes {
  private static final int ID_LENGTH = 8;

  private final ApiState state;
  private final RequestReader requests;
  private final RequestReader stepRequests;
  private final ResponseWriter responses;
  private final ProcessGpus.Finder owners;
  private final ReportRoutes reports;
  private final JobProcesses processes;

  JobRoutes(
      ApiState state,
      RequestReader requests,
      ResponseWriter responses,
      ProcessGpus.Finder owners,
      ReportRoutes reports) {
    this.state = state;
    this.requests = requests;
    this.stepRequests = requests.acceptingNonFiniteNumbers();
    this.responses = responses;
    this.processes = new JobProcesses(state.governor().watched(), owners.table(), state::now);
    this.owners = owners;
    this.reports = reports;
  }

  /** Ends from now on the jobs whose processes have ended. */
  void endJobsWithTheirProcesses(Vertx vertx) {
    vertx.setPeriodic(
        JobProcesses.POLL_PERIOD.toMillis(),
        tick ->
            vertx
                .executeBlocking(() -> processes.findEnded(state.snapshot()), false)
                .onSuccess(gone -> gone.forEach(this::endWithItsProcess)));
  }

  private void endWithItsProcess(JobId job) {
    var _ =
        state
            .governor()
            .command(new Event.JobEnded(job, JobView.EndedJob.EndCause.PROCESS_GONE, state.now()));
  }

  void start(RoutingContext context) {
    var registration = JobRegistration.of(requests.read(context, JobRequest.class));
    owner(context, registration.request())
        .compose(owner -> requireFree(context, owner))
        .compose(owner ->
            register(
                    context,
                    registration.spec(owner.gpus(), owner.user(), owner.uid()),
                    owner.process())
                .onSuccess(registered -> watchProcesses(context, registered, owner)))
        .onSuccess(registered -> respond(context, registered))
        .onFailure(context::fail);
  }

  private void watchProcesses(
      RoutingContext context, Registration registered, ProcessGpus.JobOwner owner) {
    JobId id = registered.job().id();
    owner.process().ifPresent(process -> processes.register(id, process));
    processes.onReport(
        id, SocketPeer.of(context.request().connection()).flatMap(SocketPeer::process));
  }

  private Future<ProcessGpus.JobOwner> owner(RoutingContext context, JobRequest request) {
    Optional<SocketPeer> peer = SocketPeer.of(context.request().connection());
    if (request.pid().isEmpty()) {
      return Future.succeededFuture(
          ProcessGpus.JobOwner.of(gpuIds(request.gpus().orElseThrow()), peer));
    }
    // A process may have come to compute elsewhere since it was first looked up.
    return JobRegistration.underKey(state.snapshot(), request.key(), peer.map(SocketPeer::user))
        .map(job ->
            Future.succeededFuture(
                new ProcessGpus.JobOwner(
                    job.spec().gpus(), job.spec().user(), job.spec().uid(), Optional.empty())))
        .orElseGet(() ->
            ResponseWriter.onContext(
                context,
                owners.of(
                    context.vertx(), request.pid().get(), request.gpus().map(this::gpuIds), peer)));
  }

  /** Who is no operator gets no job on GPUs on which others compute, whose limit it would set. */
  private Future<ProcessGpus.JobOwner> requireFree(
      RoutingContext context, ProcessGpus.JobOwner owner) {
    Caller caller = Caller.of(context);
    return caller.isOperator()
        ? Future.succeededFuture(owner)
        : ResponseWriter.onContext(
            context,
            state
                .governor()
                .processes()
                .map(computing -> {
                  GpuUse use = new GpuUse(computing);
                  owner
                      .gpus()
                      .forEach(gpu ->
                          use.standing(
                              caller,
                              gpu,
                              Lookup.gpu(state.snapshot(), gpu.uuid()).traits().index()));
                  return owner;
                }));
  }

  private List<GpuId> gpuIds(List<String> gpus) {
    return gpus.stream().map(name -> state.gpu(state.snapshot(), name).traits().id()).toList();
  }

  /** A job that is known now, since now or not. */
  private record Registration(JobView job, boolean isNew) {}

  /** A registration that is repeated with the same key is the same job; it may overtake itself. */
  private Future<Registration> register(
      RoutingContext context, JobSpec spec, Optional<ProcessHandle> process) {
    Optional<JobView> same = JobRegistration.repeated(state.snapshot(), spec);
    if (same.isPresent()) {
      return Future.succeededFuture(new Registration(same.get(), false));
    }
    JobId id = new JobId(UUID.randomUUID().toString().substring(0, ID_LENGTH));
    return ResponseWriter.onContext(
            context,
            context
                .vertx()
                .executeBlocking(() -> processes.findAbandoned(state.snapshot(), spec), false))
        .compose(left -> {
          // Before the command, which saves for the next daemon whose end ends the job.
          process.ifPresent(named -> processes.register(id, named));
          return state.command(
              context, new Event.JobStarted(id, spec, left, process.isPresent(), state.now()));
        })
        .map(after -> new Registration(after.job(id).orElseThrow(), true))
        .recover(refused ->
            JobRegistration.repeated(state.snapshot(), spec)
                .map(job -> Future.succeededFuture(new Registration(job, false)))
                .orElseGet(() -> Future.failedFuture(refused)));
  }

  /** A client that is gone by now knows of no job: its job would hold the GPUs for long. */
  private void respond(RoutingContext context, Registration registered) {
    JobView job = registered.job();
    responses
        .send(context, registered.isNew() ? 201 : 200, JobBodies.job(job))
        .onFailure(gone -> {
          if (registered.isNew()) {
            state.command(context, new Event.JobEnded(job.id(), state.now()));
          }
        });
  }

  void steps(RoutingContext context) {
    var report = stepRequests.read(context, JobRequest.StepsRequest.class);
    JobId id = ownJob(context).id();
    processes.onReport(
        id, SocketPeer.of(context.request().connection()).flatMap(SocketPeer::process));
    responses.respond(
        context,
        200,
        state
            .command(context, reported(id, report))
            .map(after -> JobBodies.answer(after.job(id).orElseThrow(), report.steps())));
  }

  private Event.StepsReported reported(JobId id, JobRequest.StepsRequest report) {
    try {
      return new Event.StepsReported(id, report.steps(), report.metrics(), state.now());
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue(String.valueOf(e.getMessage()));
    }
  }

  void end(RoutingContext context) {
    JobView last = ownJob(context);
    responses.respond(
        context,
        200,
        reports
            .refresh()
            .compose(done -> state.command(context, new Event.JobEnded(last.id(), state.now())))
            .compose(after ->
                ResponseWriter.onContext(context, reports.withReceipt(JobBodies.job(last)))));
  }

  /** One job, running or, as far as the ledger knows, ended. */
  void show(RoutingContext context) {
    String id = Objects.requireNonNull(context.pathParam("job"));
    GpuBodies bodies = state.bodies();
    bodies
        .job(id)
        .or(() -> Lookup.named(bodies.snapshot(), id).flatMap(job -> bodies.job(job.id().value())))
        .ifPresentOrElse(
            running -> responses.send(context, running),
            () ->
                responses.respond(
                    context,
                    200,
                    ResponseWriter.onContext(
                        context, reports.ended(id, Lookup.missingJob(bodies.snapshot(), id)))));
  }

  /** The registered job that a path names, which is the caller's unless they are an operator. */
  private JobView ownJob(RoutingContext context) {
    JobView job = Lookup.job(state.snapshot(), Objects.requireNonNull(context.pathParam("job")));
    JobSpec spec = job.spec();
    Caller.of(context)
        .requireOwn(
            spec.uid(),
            spec.user(),
            "job %s is %s"
                .formatted(job.id(), spec.user().map(user -> user + "'s").orElse("nobody's")));
    return job;
  }
}
