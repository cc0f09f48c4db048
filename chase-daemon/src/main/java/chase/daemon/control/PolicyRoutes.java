package chase.daemon.control;

import chase.daemon.api.PolicyBody;
import chase.zeus.engine.Event;
import chase.zeus.engine.PolicyScope;
import chase.zeus.policy.PowerPolicy;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Chooses and clears policies of the host, of GPUs and of jobs. */
final class PolicyRoutes {
  private final CommandDispatcher orders;
  private final RequestReader requests;

  PolicyRoutes(CommandDispatcher orders, RequestReader requests) {
    this.orders = orders;
    this.requests = requests;
  }

  void choose(RoutingContext context) {
    var request = requests.read(context, PolicyBody.PolicyRequest.class);
    PowerPolicy policy = policy(request.policy());
    PolicyScope scope = scope(request.gpu(), request.job());
    orders.execute(
        context,
        new Event.PolicyChosen(policy, scope, orders.now()),
        after -> orders.bodies(after).policy());
  }

  void clear(RoutingContext context) {
    PolicyScope scope =
        scope(
            Optional.ofNullable(context.queryParams().get("gpu")),
            Optional.ofNullable(context.queryParams().get("job")));
    orders.execute(
        context,
        new Event.PolicyCleared(scope, orders.now()),
        after -> orders.bodies(after).policy());
  }

  private PolicyScope scope(Optional<String> gpu, Optional<String> job) {
    if (gpu.isPresent() && job.isPresent()) {
      throw ApiException.badValue("a policy is for a GPU or for a job, not for both");
    }
    return gpu.<PolicyScope>map(
            name -> new PolicyScope.OneGpu(Lookup.gpu(orders.snapshot(), name).traits().id()))
        .or(() -> job.map(name -> new PolicyScope.OneJob(Lookup.job(orders.snapshot(), name).id())))
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
