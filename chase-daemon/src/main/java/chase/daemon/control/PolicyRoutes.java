package chase.daemon.control;

import chase.daemon.api.PolicyBody;
import chase.zeus.engine.Event;
import chase.zeus.engine.PolicyScope;
import chase.zeus.policy.PowerPolicy;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Chooses and clears policies of the host, of GPUs and of jobs. */
final class PolicyRoutes {
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
    execute(context, new Event.PolicyChosen(policy, scope, state.now()));
  }

  void clear(RoutingContext context) {
    PolicyScope scope =
        scope(
            Optional.ofNullable(context.queryParams().get("gpu")),
            Optional.ofNullable(context.queryParams().get("job")));
    execute(context, new Event.PolicyCleared(scope, state.now()));
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
            name -> new PolicyScope.OneGpu(Lookup.gpu(state.snapshot(), name).traits().id()))
        .or(() -> job.map(name -> new PolicyScope.OneJob(Lookup.job(state.snapshot(), name).id())))
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
