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

  private final Orders orders;
  private final JobOwners owners;
  private final Receipts receipts;
  private final JobProcesses processes;

  JobRoutes(Orders orders, JobOwners owners, Receipts receipts) {
    this.orders = orders;
    this.processes = new JobProcesses(owners.table(), orders::now);
    this.owners = owners;
    this.receipts = receipts;
  }

  /** Ends from now on the jobs whose processes have ended. */
  void watch(Vertx vertx) {
    vertx.setPeriodic(
        JobProcesses.LOOK.toMillis(),
        tick ->
            vertx
                .executeBlocking(() -> processes.gone(orders.snapshot()), false)
                .onSuccess(gone -> gone.forEach(this::endWithItsProcess)));
  }

  private void endWithItsProcess(JobId job) {
    orders.command(new Event.JobEnded(job, JobView.EndedJob.EndCause.PROCESS_GONE, orders.now()));
  }

  void start(RoutingContext context) {
    JobRequest request = JobRequest.of(orders.fields(context, JobRequest.FIELDS));
    owner(context, request)
        .compose(owner ->
            register(context, request.spec(owner.gpus(), owner.user()))
                .onSuccess(registered -> keep(context, registered, owner)))
        .onSuccess(registered -> tell(context, registered))
        .onFailure(context::fail);
  }

  private void keep(RoutingContext context, Registered registered, OwnGpus.Found owner) {
    JobId id = registered.job().id();
    owner.process().ifPresent(process -> processes.name(id, process));
    processes.hear(id, SocketPeer.of(context.request().connection()).flatMap(SocketPeer::process));
  }

  private Future<OwnGpus.Found> owner(RoutingContext context, JobRequest request) {
    Optional<SocketPeer> peer = SocketPeer.of(context.request().connection());
    if (request.pid().isEmpty()) {
      return Future.succeededFuture(
          new OwnGpus.Found(named(request.gpus()), peer.map(SocketPeer::user), Optional.empty()));
    }
    // A process may have come to compute elsewhere since it was first asked for.
    return Repeated.under(orders.snapshot(), request.key(), peer.map(SocketPeer::user))
        .map(job ->
            Future.succeededFuture(
                new OwnGpus.Found(job.spec().gpus(), job.spec().user(), Optional.empty())))
        .orElseGet(() ->
            orders.back(context, owners.of(context.vertx(), request.pid().getAsLong(), peer)));
  }

  private List<GpuId> named(List<String> gpus) {
    return gpus.stream()
        .map(name -> GpuFinder.find(orders.snapshot(), name).traits().id())
        .toList();
  }

  /** A job that is known now, since now or not. */
  private record Registered(JobView job, boolean isNew) {}

  /** A registration that is repeated with the same key is the same job; it may overtake itself. */
  private Future<Registered> register(RoutingContext context, JobSpec spec) {
    Optional<JobView> same = Repeated.in(orders.snapshot(), spec);
    if (same.isPresent()) {
      return Future.succeededFuture(new Registered(same.get(), false));
    }
    JobId id = new JobId(UUID.randomUUID().toString().substring(0, ID_LENGTH));
    return orders
        .back(
            context,
            context.vertx().executeBlocking(() -> processes.left(orders.snapshot(), spec), false))
        .compose(
            left -> orders.command(context, new Event.JobStarted(id, spec, left, orders.now())))
        .map(after -> new Registered(after.job(id).orElseThrow(), true))
        .recover(refused ->
            Repeated.in(orders.snapshot(), spec)
                .map(job -> Future.succeededFuture(new Registered(job, false)))
                .orElseGet(() -> Future.failedFuture(refused)));
  }

  /** Whoever is gone by now knows of no job: left alone it would hold its GPUs for long. */
  private void tell(RoutingContext context, Registered registered) {
    JobView job = registered.job();
    orders
        .answer(context, registered.isNew() ? 201 : 200, JobBodies.job(job))
        .onFailure(gone -> {
          if (registered.isNew()) {
            orders.command(context, new Event.JobEnded(job.id(), orders.now()));
          }
        });
  }

  void steps(RoutingContext context) {
    RequestFields fields = orders.looseFields(context, "steps", "metrics");
    JobId id = job(context).id();
    processes.hear(id, SocketPeer.of(context.request().connection()).flatMap(SocketPeer::process));
    long steps = fields.whole("steps");
    Map<String, Double> metrics = fields.optionalNumbers("metrics", "metric");
    orders.obey(
        context,
        report(id, steps, metrics),
        after -> JobBodies.answer(after.job(id).orElseThrow(), steps));
  }

  private Event.StepsReported report(JobId id, long steps, Map<String, Double> metrics) {
    try {
      return new Event.StepsReported(id, steps, metrics, orders.now());
    } catch (IllegalArgumentException e) {
      throw new ApiFailure(422, "bad_value", String.valueOf(e.getMessage()));
    }
  }

  void end(RoutingContext context) {
    JobView last = job(context);
    receipts
        .settle()
        .compose(settled -> orders.command(context, new Event.JobEnded(last.id(), orders.now())))
        .compose(after -> orders.back(context, receipts.with(JobBodies.job(last))))
        .onSuccess(body -> orders.answer(context, 200, body))
        .onFailure(context::fail);
  }

  /** One job, running or, as far as the ledger knows, ended. */
  void show(RoutingContext context) {
    String id = Objects.requireNonNull(context.pathParam("job"));
    try {
      orders.answer(context, 200, orders.bodies(orders.snapshot()).job(id));
    } catch (ApiFailure unknown) {
      orders
          .back(context, receipts.ended(id, unknown))
          .onSuccess(body -> orders.answer(context, 200, body))
          .onFailure(context::fail);
    }
  }

  /** The registered job that a path names. */
  private JobView job(RoutingContext context) {
    return JobFinder.find(orders.snapshot(), Objects.requireNonNull(context.pathParam("job")));
  }
}
