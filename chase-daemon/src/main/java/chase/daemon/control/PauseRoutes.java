package chase.daemon.control;

import chase.daemon.api.StatusBody;
import chase.daemon.api.StatusBody.PauseRequest;
import chase.daemon.gpu.DriverState;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Pauses and resumes Chase as a whole, or one GPU; releases the GPU driver and reopens it. */
final class PauseRoutes {
  private final ApiState state;
  private final RequestReader requests;
  private final ResponseWriter responses;

  PauseRoutes(ApiState state, RequestReader requests, ResponseWriter responses) {
    this.state = state;
    this.requests = requests;
    this.responses = responses;
  }

  void pause(RoutingContext context) {
    Instant now = state.now();
    execute(context, new Event.Paused(until(context, now), now), this::status);
  }

  void resume(RoutingContext context) {
    execute(context, new Event.Resumed(state.now()), this::status);
  }

  void pauseGpu(RoutingContext context) {
    GpuId gpu = state.gpu(state.snapshot(), context).traits().id();
    Instant now = state.now();
    execute(
        context,
        new Event.GpuPaused(gpu, until(context, now), now),
        after -> state.bodies(after).gpu(after.gpu(gpu).orElseThrow()));
  }

  void resumeGpu(RoutingContext context) {
    GpuId gpu = state.gpu(state.snapshot(), context).traits().id();
    execute(
        context,
        new Event.GpuResumed(gpu, state.now()),
        after -> state.bodies(after).gpu(after.gpu(gpu).orElseThrow()));
  }

  /** Closes the GPU driver, so that it can be changed. */
  void releaseDriver(RoutingContext context) {
    String lasting =
        context.body().length() <= 0
            ? StatusBody.DEFAULT_RELEASE
            : requests.read(context, StatusBody.ReleaseRequest.class).lasting();
    Instant until = state.now().plus(ControlRoutes.duration(lasting));
    respond(context, state.governor().releaseDriver(until));
  }

  void reopenDriver(RoutingContext context) {
    respond(context, state.governor().reopenDriver());
  }

  private void respond(RoutingContext context, Future<DriverState> done) {
    responses.respond(
        context,
        200,
        ResponseWriter.onContext(context, done).map(now -> state.bodies().driverBody()));
  }

  /** A request without a body pauses until somebody resumes. */
  private Optional<Instant> until(RoutingContext context, Instant now) {
    return context.body().length() <= 0
        ? Optional.empty()
        : requests
            .read(context, PauseRequest.class)
            .lasting()
            .map(text -> now.plus(ControlRoutes.duration(text)));
  }

  private Object status(Snapshot after) {
    return state.status(after);
  }

  private void execute(
      RoutingContext context, Event.Command command, Function<Snapshot, Object> answer) {
    responses.respond(context, 200, state.command(context, command).map(answer));
  }
}
