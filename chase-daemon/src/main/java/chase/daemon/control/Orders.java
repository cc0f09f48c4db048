package chase.daemon.control;

import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Hands commands on and answers once they are done. */
final class Orders {
  private final ControlNeeds needs;
  private final Answers answers;
  private final JsonMapper mapper;

  Orders(ControlNeeds needs, Answers answers, JsonMapper mapper) {
    this.needs = needs;
    this.answers = answers;
    this.mapper = mapper;
  }

  void obey(RoutingContext context, Event.Command command, Function<Snapshot, Object> answer) {
    obey(context, 200, command, answer);
  }

  void obey(
      RoutingContext context,
      int status,
      Event.Command command,
      Function<Snapshot, Object> answer) {
    Context here = context.vertx().getOrCreateContext();
    needs
        .commands()
        .apply(command)
        .map(answer)
        .onComplete(done -> here.runOnContext(back -> tell(context, status, done)));
  }

  private void tell(RoutingContext context, int status, AsyncResult<Object> done) {
    if (done.succeeded()) {
      answers.send(context, status, done.result());
    } else {
      context.fail(done.cause());
    }
  }

  /** The request's body, an object with no other fields than {@code known}. */
  RequestFields fields(RoutingContext context, String... known) {
    String text = context.body().asString();
    return RequestFields.read(mapper, text == null ? "" : text, List.of(known));
  }

  Snapshot snapshot() {
    return needs.snapshot().get();
  }

  Bodies bodies(Snapshot snapshot) {
    return new Bodies(snapshot, needs.grid().get(), now());
  }

  Instant now() {
    return needs.clock().instant();
  }
}
