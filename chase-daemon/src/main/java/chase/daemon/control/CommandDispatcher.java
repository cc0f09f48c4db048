package chase.daemon.control;

import chase.daemon.governor.Governor;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.function.Function;

/** Hands commands on and answers once they are done. */
final class CommandDispatcher {
  private final ApiState state;
  private final ResponseWriter answers;

  CommandDispatcher(ApiState state, ResponseWriter answers) {
    this.state = state;
    this.answers = answers;
  }

  void execute(RoutingContext context, Event.Command command, Function<Snapshot, Object> answer) {
    execute(context, 200, command, answer);
  }

  void execute(
      RoutingContext context,
      int status,
      Event.Command command,
      Function<Snapshot, Object> answer) {
    submit(context, command).map(answer).onComplete(done -> complete(context, status, done));
  }

  /** Does a command and comes back on this context; fails as {@link Governor#command} says. */
  Future<Snapshot> submit(RoutingContext context, Event.Command command) {
    return onContext(context, state.governor().command(command));
  }

  /** Does a command that nobody waits for. */
  void submit(Event.Command command) {
    var _ = state.governor().command(command);
  }

  /** What completes elsewhere, on this context. */
  <T> Future<T> onContext(RoutingContext context, Future<T> elsewhere) {
    Context here = context.vertx().getOrCreateContext();
    Promise<T> back = Promise.promise();
    elsewhere.onComplete(done -> here.runOnContext(now -> back.handle(done)));
    return back.future();
  }

  /** Answers; fails when nobody is there any more to hear it. */
  Future<Void> respond(RoutingContext context, int status, Object body) {
    return answers.send(context, status, body);
  }

  private void complete(RoutingContext context, int status, AsyncResult<Object> done) {
    if (done.succeeded()) {
      answers.send(context, status, done.result());
    } else {
      context.fail(done.cause());
    }
  }

  Snapshot snapshot() {
    return state.snapshot();
  }

  GpuBodies bodies(Snapshot snapshot) {
    return state.bodies(snapshot);
  }

  Instant now() {
    return state.now();
  }
}
