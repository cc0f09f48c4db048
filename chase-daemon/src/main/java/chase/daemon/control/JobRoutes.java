package chase.daemon.control;

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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What jobs say of themselves. */
final class JobRoutes {
  private static final int ID_LENGTH = 8;

  private final CommandDispatcher orders;
  private final ProcessGpus.Finder owners;
  private final JobReceipts receipts;
  private final JobProcesses processes;

  JobRoutes(CommandDispatcher orders, ProcessGpus.Finder owners, JobReceipts receipts) {
    this.orders = orders;
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
    JobRequest request = JobRequest.of(orders.fields(context, JobRequest.FIELDS));
    owner(context, request)
        .compose(owner ->
            register(context, request.spec(owner.gpus(), owner.user()))
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
              gpuIds(request.gpus()), peer.map(SocketPeer::user), Optional.empty()));
    }
    // A process may have come to compute elsewhere since it was first asked for.
    return RepeatedRegistration.findByKey(
            orders.snapshot(), request.key(), peer.map(SocketPeer::user))
        .map(job ->
            Future.succeededFuture(
                new ProcessGpus.JobOwner(job.spec().gpus(), job.spec().user(), Optional.empty())))
        .orElseGet(() ->
            orders.onContext(context, owners.of(context.vertx(), request.pid().getAsLong(), peer)));
  }

  private List<GpuId> gpuIds(List<String> gpus) {
    return gpus.stream().map(name -> Lookup.gpu(orders.snapshot(), name).traits().id()).toList();
  }

  /** A job that is known now, since now or not. */
  private record Registration(JobView job, boolean isNew) {}

  /** A registration that is repeated with the same key is the same job; it may overtake itself. */
  private Future<Registration> register(RoutingContext context, JobSpec spec) {
    Optional<JobView> same = RepeatedRegistration.find(orders.snapshot(), spec);
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
            RepeatedRegistration.find(orders.snapshot(), spec)
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
    RequestReader fields = orders.looseFields(context, "steps", "metrics");
    JobId id = job(context).id();
    processes.onReport(
        id, SocketPeer.of(context.request().connection()).flatMap(SocketPeer::process));
    long steps = fields.whole("steps");
    Map<String, Double> metrics = fields.optionalNumbers("metrics", "metric");
    orders.execute(
        context,
        report(id, steps, metrics),
        after -> JobBodies.answer(after.job(id).orElseThrow(), steps));
  }

  private Event.StepsReported report(JobId id, long steps, Map<String, Double> metrics) {
    try {
      return new Event.StepsReported(id, steps, metrics, orders.now());
    } catch (IllegalArgumentException e) {
      throw new ApiException(422, "bad_value", String.valueOf(e.getMessage()));
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
    return JobFinder.job(orders.snapshot(), Objects.requireNonNull(context.pathParam("job")));
  }
}
