package chase.daemon.page;

import chase.daemon.api.PageBody.PlanBody;
import chase.daemon.api.PageBody.PlanBody.PlanColumns;
import chase.zeus.engine.JobView;
import chase.zeus.engine.JobView.PolicyPlan;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PlannedLimit;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The limits that policies have in mind for each GPU. To plan takes up to some milliseconds, so a
 * plan is kept for a while, unless its policy or outlook is another. For one thread.
 */
final class PagePlans {
  private final Duration goodFor;
  private final Map<String, KeptPlan> byOwner = new HashMap<>();

  private record KeptPlan(PolicyPlan plan, Instant at, Optional<PlanBody> body) {}

  /**
   * No plans yet.
   *
   * @param goodFor how long one is kept
   */
  PagePlans(Duration goodFor) {
    this.goodFor = goodFor;
  }

  /** What is planned for each GPU, by UUID, until {@code end}. */
  Map<String, PlanBody> at(Snapshot snapshot, Instant end, Instant now) {
    Map<String, PlanBody> plans = new HashMap<>();
    Map<String, KeptPlan> used = new HashMap<>();
    snapshot.gpus().stream()
        .map(gpu -> gpu.traits().id())
        .forEach(gpu ->
            snapshot
                .planOn(gpu)
                .ifPresent(plan -> {
                  String owner = owner(snapshot, gpu);
                  KeptPlan kept = used.computeIfAbsent(owner, name -> kept(name, plan, end, now));
                  kept.body().ifPresent(body -> plans.put(gpu.uuid(), body));
                }));
    byOwner.clear();
    byOwner.putAll(used);
    return plans;
  }

  /** All GPUs of a job have one plan. */
  private static String owner(Snapshot snapshot, GpuId gpu) {
    return snapshot.workOn(gpu).map(JobView::id).map(String::valueOf).orElse(gpu.uuid());
  }

  private KeptPlan kept(String owner, PolicyPlan plan, Instant end, Instant now) {
    return Optional.ofNullable(byOwner.get(owner))
        .filter(before -> before.plan().policy().equals(plan.policy()))
        .filter(before -> before.plan().input().outlook().equals(plan.input().outlook()))
        .filter(before -> !now.isBefore(before.at()) && now.isBefore(before.at().plus(goodFor)))
        .orElseGet(() -> new KeptPlan(plan, now, body(plan, end)));
  }

  private static Optional<PlanBody> body(PolicyPlan plan, Instant end) {
    List<PlannedLimit> ahead =
        plan.ahead().stream().filter(period -> period.from().isBefore(end)).toList();
    return ahead.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PlanBody(
                plan.policy().spec(),
                text(plan.policy()),
                new PlanColumns(
                    ahead.stream().map(period -> period.from().getEpochSecond()).toList(),
                    ahead.stream().map(period -> period.to().getEpochSecond()).toList(),
                    ahead.stream().map(period -> tenths(period.limit().value())).toList(),
                    ahead.stream()
                        .map(period -> tenths(period.pausedShare() * 100) / 100)
                        .toList())));
  }

  private static String text(PowerPolicy policy) {
    return "What %s would set if the outlook, the job's profile and its speed stayed as they are."
            .formatted(policy.spec())
        + " It plans again whenever one of them changes.";
  }

  private static double tenths(double value) {
    return Math.rint(value * 10) / 10;
  }
}
