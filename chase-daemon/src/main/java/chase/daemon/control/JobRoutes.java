package chase.daemon.control;

import chase.daemon.api.JobRequest;
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

  private final CommandDispatcher orders;
  private final RequestReader requests;
  private final RequestReader reports;
  private final ProcessGpus.Finder owners;
  private final JobReceipts receipts;
  private final JobProcesses processes;

  JobRoutes(
      CommandDispatcher orders,
      RequestReader requests,
      ProcessGpus.Finder owners,
      JobReceipts receipts) {
    this.orders = orders;
    this.requests = requests;
    this.reports = requests.acceptingNonFiniteNumbers();
    this.processes = new JobProcesses(owners.table(), orders::now);
    this.owners = owners;
    this.receipts = receipts;
  }

  /** Ends from now on the jobs whose processes have ended. */
  void endJobsWithTheirProcesses(Vertx vertx) {
    vertx.setPeriodic(
        JobProcesses.POLL_PERIOD.toMillis(),
        tick ->
            vertx
                .executeBlocking(() -> processes.findEnded(orders.snapshot()), false)
                .onSuccess(gone -> gone.forEach(this::endWithItsProcess)));
  }

  private void endWithItsProcess(JobId job) {
    orders.submit(new Event.JobEnded(job, JobView.EndedJob.EndCause.PROCESS_GONE, orders.now()));
  }

  void start(RoutingContext context) {
    var registration = JobRegistration.of(requests.read(context, JobRequest.class));
    owner(context, registration.request())
        .compose(owner ->
            register(context, registration.spec(owner.gpus(), owner.user()))
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
          new ProcessGpus.JobOwner(
              gpuIds(request.gpus().orElseThrow()), peer.map(SocketPeer::user), Optional.empty()));
    }
    // A process may have come to compute elsewhere since it was first asked for.
    return JobRegistration.underKey(orders.snapshot(), request.key(), peer.map(SocketPeer::user))
        .map(job ->
            Future.succeededFuture(
                new ProcessGpus.JobOwner(job.spec().gpus(), job.spec().user(), Optional.empty())))
        .orElseGet(
            () -> orders.onContext(context, owners.of(context.vertx(), request.pid().get(), peer)));
  }

  private List<GpuId> gpuIds(List<String> gpus) {
    return gpus.stream().map(name -> Lookup.gpu(orders.snapshot(), name).traits().id()).toList();
  }

  /** A job that is known now, since now or not. */
  private record Registration(JobView job, boolean isNew) {}

  /** A registration that is repeated with the same key is the same job; it may overtake itself. */
  private Future<Registration> register(RoutingContext context, JobSpec spec) {
    Optional<JobView> same = JobRegistration.repeated(orders.snapshot(), spec);
    if (same.isPresent()) {
      return Future.succeededFuture(new Registration(same.get(), false));
    }
    JobId id = new JobId(UUID.randomUUID().toString().substring(0, ID_LENGTH));
    return orders
        .onContext(
            context,
            context
                .vertx()
                .executeBlocking(() -> processes.findAbandoned(orders.snapshot(), spec), false))
        .compose(left -> orders.submit(context, new Event.JobStarted(id, spec, left, orders.now())))
        .map(after -> new Registration(after.job(id).orElseThrow(), true))
        .recover(refused ->
            JobRegistration.repeated(orders.snapshot(), spec)
                .map(job -> Future.succeededFuture(new Registration(job, false)))
                .orElseGet(() -> Future.failedFuture(refused)));
  }

  /** Whoever is gone by now knows of no job: left alone it would hold its GPUs for long. */
  private void respond(RoutingContext context, Registration registered) {
    JobView job = registered.job();
    orders
        .respond(context, registered.isNew() ? 201 : 200, JobBodies.job(job))
        .onFailure(gone -> {
          if (registered.isNew()) {
            orders.submit(context, new Event.JobEnded(job.id(), orders.now()));
          }
        });
  }

  void steps(RoutingContext context) {
    var report = reports.read(context, JobRequest.StepsRequest.class);
    JobId id = job(context).id();
    processes.onReport(
        id, SocketPeer.of(context.request().connection()).flatMap(SocketPeer::process));
    orders.execute(
        context,
        reported(id, report),
        after -> JobBodies.answer(after.job(id).orElseThrow(), report.steps()));
  }

  private Event.StepsReported reported(JobId id, JobRequest.StepsRequest report) {
    try {
      return new Event.StepsReported(id, report.steps(), report.metrics(), orders.now());
    } catch (IllegalArgumentException e) {
      throw ApiException.badValue(String.valueOf(e.getMessage()));
    }
  }

  void end(RoutingContext context) {
    JobView last = job(context);
    receipts
        .settle()
        .compose(settled -> orders.submit(context, new Event.JobEnded(last.id(), orders.now())))
        .compose(after -> orders.onContext(context, receipts.withReceipt(JobBodies.job(last))))
        .onSuccess(body -> orders.respond(context, 200, body))
        .onFailure(context::fail);
  }

  /** One job, running or, as far as the ledger knows, ended. */
  void show(RoutingContext context) {
    String id = Objects.requireNonNull(context.pathParam("job"));
    try {
      orders.respond(context, 200, orders.bodies(orders.snapshot()).job(id));
    } catch (ApiException unknown) {
      orders
          .onContext(context, receipts.ended(id, unknown))
          .onSuccess(body -> orders.respond(context, 200, body))
          .onFailure(context::fail);
    }
  }

  /** The registered job that a path names. */
  private JobView job(RoutingContext context) {
    return Lookup.job(orders.snapshot(), Objects.requireNonNull(context.pathParam("job")));
  }
}
