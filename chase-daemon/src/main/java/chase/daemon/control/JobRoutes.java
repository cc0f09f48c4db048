package chase.daemon.control;

import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/** What jobs say of themselves. */
final class JobRoutes {
  private static final int ID_LENGTH = 8;

  private final Orders orders;

  JobRoutes(Orders orders) {
    this.orders = orders;
  }

  void start(RoutingContext context) {
    RequestFields fields =
        orders.fields(
            context,
            "name",
            "gpus",
            "batch_size",
            "total_steps",
            "deadline",
            "deferrable",
            "idle_watts",
            "releases_gpu",
            "slowdown_bound");
    JobId id = new JobId(UUID.randomUUID().toString().substring(0, ID_LENGTH));
    orders.obey(
        context,
        201,
        new Event.JobStarted(id, spec(fields), orders.now()),
        after -> JobBodies.job(after.job(id).orElseThrow()));
  }

  void steps(RoutingContext context) {
    JobId id = job(context).id();
    long steps = orders.fields(context, "steps").whole("steps");
    orders.obey(
        context,
        new Event.StepsDone(id, steps, orders.now()),
        after -> JobBodies.answer(after.job(id).orElseThrow(), steps));
  }

  void end(RoutingContext context) {
    JobView last = job(context);
    orders.obey(context, new Event.JobEnded(last.id(), orders.now()), after -> JobBodies.job(last));
  }

  /** The job that a path names. */
  JobView job(RoutingContext context) {
    return JobFinder.find(orders.snapshot(), Objects.requireNonNull(context.pathParam("job")));
  }

  private JobSpec spec(RequestFields fields) {
    List<GpuId> gpus =
        fields.texts("gpus").stream()
            .map(name -> GpuFinder.find(orders.snapshot(), name).traits().id())
            .toList();
    try {
      return new JobSpec(
          fields.text("name"),
          gpus,
          fields.optionalInt("batch_size"),
          fields.optionalLong("total_steps"),
          fields.optionalText("deadline").map(JobRoutes::instant),
          idle(fields),
          fields.optionalNumber("slowdown_bound"));
    } catch (IllegalArgumentException e) {
      throw badValue(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Watts> idle(RequestFields fields) {
    boolean deferrable = fields.optionalYes("deferrable").orElse(false);
    boolean releases = fields.optionalYes("releases_gpu").orElse(false);
    OptionalDouble watts = fields.optionalNumber("idle_watts");
    if (deferrable != (releases || watts.isPresent())) {
      throw badValue(
          "a deferrable job says what its GPUs draw while it rests, and no other does:"
              + " \"idle_watts\" for each GPU, or \"releases_gpu\": true");
    }
    if (releases && watts.isPresent()) {
      throw badValue("a job that releases its GPU has no \"idle_watts\"");
    }
    return deferrable ? Optional.of(new Watts(watts.orElse(0))) : Optional.empty();
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw badValue(
          "field 'deadline': '%s' is not a time such as 2026-11-23T18:00:00Z".formatted(text));
    }
  }

  private static ApiFailure badValue(String detail) {
    return new ApiFailure(422, "bad_value", detail);
  }
}
