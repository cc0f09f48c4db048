package chase.zeus.policy;

import chase.zeus.policy.JobProgress.PauseState;
import chase.zeus.policy.PolicyInput.CurrentLimit;
import chase.zeus.profile.PowerHull;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The least weighted energy with which a job is at most {@code bound} slower than at full power.
 * Every decision solves the linear program over the whole forecast, from the work that the job has
 * really done, so errors of the forecast and of the profile are corrected as they appear.
 *
 * <p>A job of known length is planned to its end. One of unknown length may end at any time, so its
 * bound holds at the end of every slot. Where the work is not progress, the most efficient single
 * limit inside the bound is used. Only ratios of weights matter.
 *
 * @param bound the slowdown allowed, such as 0.025; 0 to 1
 */
record SlowdownBudget(double bound) implements PowerPolicy {
  /**
   * A limit stays this long, so that it changes once in five minutes of the grid at most; in a
   * recording that is played faster, five minutes pass sooner.
   */
  private static final double MIN_HOLD_SECONDS = 300;

  SlowdownBudget {
    bound = new SlowdownBound(bound).share();
  }

  @Override
  public PolicyDecision decide(PolicyInput input) {
    Optional<PowerProfile> profile =
        input.profile().flatMap(known -> known.within(input.allowed()));
    if (profile.isEmpty()) {
      return new PolicyDecision.NeedsProfile();
    }
    if (input.outlook().isEmpty()) {
      return new PolicyDecision.NeedsSignal();
    }
    return input.progress().isPresent()
        ? planned(input, profile.get(), input.outlook().get(), input.progress().get())
        : new PolicyDecision.Limit(steady(profile.get()));
  }

  private Watts steady(PowerProfile profile) {
    double slowest = profile.fullThroughput() / (1 + bound) * (1 - EnergyPlan.ROUNDING);
    return profile.points().stream()
        .filter(point -> point.throughput() >= slowest)
        .min(Comparator.comparingDouble(Point::joulesPerStep))
        .map(Point::limit)
        .orElseGet(profile::highestLimit);
  }

  private PolicyDecision planned(
      PolicyInput input, PowerProfile profile, EnergyOutlook outlook, JobProgress progress) {
    OperatingCurve curve = OperatingCurve.of(PowerHull.of(profile), profile.fullThroughput());
    CurrentSpeed speed = CurrentSpeed.of(input, profile, progress);
    JobBudget budget = budget(input, profile, progress);
    return budget
        .plan(outlook, input.at(), curve)
        .map(plan ->
            new LimitSmoothing(input.at(), budget, speed, curve, MIN_HOLD_SECONDS / outlook.speed())
                .decide(plan))
        .orElseGet(() -> new PolicyDecision.Limit(curve.limit(curve.levels() - 1).orElseThrow()));
  }

  @Override
  public List<PlannedLimit> plan(PolicyInput input) {
    Optional<PowerProfile> profile =
        input.profile().flatMap(known -> known.within(input.allowed()));
    if (profile.isEmpty() || input.outlook().isEmpty() || input.progress().isEmpty()) {
      return PowerPolicy.super.plan(input);
    }
    return PlannedLimit.underBudget(
        budget(input, profile.get(), input.progress().get()),
        input.outlook().get(),
        input.at(),
        OperatingCurve.of(PowerHull.of(profile.get()), profile.get().fullThroughput()));
  }

  @Override
  public boolean needsProgress() {
    return true;
  }

  /** Without a profile the work since the last count is unknown, so the slack is as of then. */
  @Override
  public Optional<Slack> slack(PolicyInput input) {
    return input
        .progress()
        .map(progress ->
            input
                .profile()
                .flatMap(known -> known.within(input.allowed()))
                .map(profile -> budget(input, profile, progress))
                .orElseGet(() -> new JobBudget(progress, bound)))
        .map(budget -> new Slack(budget.slack(1), budget.allowance()));
  }

  private JobBudget budget(PolicyInput input, PowerProfile profile, JobProgress progress) {
    CurrentSpeed speed = CurrentSpeed.of(input, profile, progress);
    return new JobBudget(progress.expectedAt(input.at(), speed.rate()), bound);
  }

  @Override
  public Optional<SlowdownBound> slowdownBound() {
    return Optional.of(new SlowdownBound(bound));
  }

  @Override
  public PolicyKind kind() {
    return PolicyKind.BUDGET;
  }

  @Override
  public boolean weighsEnergy() {
    return true;
  }

  @Override
  public boolean weighsGrid() {
    return true;
  }

  @Override
  public String spec() {
    return "budget:" + PolicyParser.text(bound);
  }

  /**
   * What a job does now.
   *
   * @param limit the limit in force, empty where unknown
   * @param limitSince when Chase last changed it; empty when it never did
   * @param rate what the job achieves, as a share of full power; 0 while it pauses
   * @param paused whether it pauses
   * @param pauseChangedAt when its last pause began or ended; empty when it never paused
   */
  record CurrentSpeed(
      Optional<Watts> limit,
      Optional<Instant> limitSince,
      double rate,
      boolean paused,
      Optional<Instant> pauseChangedAt) {
    /** What {@code profile} predicts for the job in {@code input}. */
    static CurrentSpeed of(PolicyInput input, PowerProfile profile, JobProgress progress) {
      double full = profile.fullThroughput();
      Optional<Watts> limit = input.currentLimit().map(CurrentLimit::limit);
      boolean paused = progress.pause().filter(PauseState::paused).isPresent();
      double running = limit.flatMap(profile::at).map(Point::throughput).orElse(full);
      return new CurrentSpeed(
          limit,
          input.currentLimit().flatMap(CurrentLimit::since),
          paused ? 0 : running / full,
          paused,
          progress.pause().flatMap(PauseState::since));
    }
  }
}
