package chase.daemon.control;

import chase.zeus.engine.Event;
import chase.zeus.engine.PolicyScope;
import chase.zeus.policy.PowerPolicy;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Chooses and clears policies of the host, of GPUs and of jobs. */
final class PolicyRoutes {
  private final CommandDispatcher orders;

  PolicyRoutes(CommandDispatcher orders) {
    this.orders = orders;
  }

  void choose(RoutingContext context) {
    RequestReader fields = orders.fields(context, "policy", "gpu", "job");
    PowerPolicy policy = policy(fields.text("policy"));
    PolicyScope scope = scope(fields.optionalText("gpu"), fields.optionalText("job"));
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
      throw new ApiException(422, "bad_value", "a policy is for a GPU or for a job, not for both");
    }
    return gpu.<PolicyScope>map(
            name -> new PolicyScope.OneGpu(Lookup.gpu(orders.snapshot(), name).traits().id()))
        .or(() ->
            job.map(name -> new PolicyScope.OneJob(JobFinder.job(orders.snapshot(), name).id())))
        .orElseGet(PolicyScope.WholeHost::new);
  }

  private static PowerPolicy policy(String spec) {
    try {
      return PowerPolicy.parse(spec);
    } catch (IllegalArgumentException e) {
      throw new ApiException(422, "bad_value", String.valueOf(e.getMessage()));
    }
  }
}
