package chase.zeus.policy;

import chase.zeus.profile.PowerHull;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * The least weighted energy with which a job is at most {@code bound} slower than at full power. It
 * solves the linear program over all that is foreseen whenever it is asked, from the work that the
 * job has really done, so errors of the forecast and of the profile are made up for as they show.
 *
 * <p>A job of known length is planned to its end. One of unknown length may end at any time, so its
 * bound holds at the end of every slot. Where nobody counts the work, the most frugal single limit
 * inside the bound is used. Only ratios of weights matter.
 *
 * @param bound the slowdown allowed, such as 0.025; 0 to 1
 */
record SlowdownBudget(double bound) implements PowerPolicy {
  /**
   * A limit stays this long, so that limits change once in five minutes of the grid at the very
   * most; of a recording that is played faster, five minutes pass sooner.
   */
  private static final double STAY_SECONDS = 300;

  SlowdownBudget {
    bound = new SlowdownBound(bound).share();
  }

  @Override
  public PolicyDecision decide(PolicyInput situation) {
    Optional<PowerProfile> profile =
        situation.profile().flatMap(known -> known.within(situation.allowed()));
    if (profile.isEmpty()) {
      return new PolicyDecision.NeedsProfile();
    }
    if (situation.outlook().isEmpty()) {
      return new PolicyDecision.NeedsSignal();
    }
    return situation.progress().isPresent()
        ? planned(situation, profile.get(), situation.outlook().get(), situation.progress().get())
        : new PolicyDecision.Limit(steady(profile.get()));
  }

  private Watts steady(PowerProfile profile) {
    double slowest = full(profile) / (1 + bound) * (1 - EnergyPlan.ROUNDING);
    return profile.points().stream()
        .filter(point -> point.throughput() >= slowest)
        .min(Comparator.comparingDouble(point -> point.power().value() / point.throughput()))
        .map(Point::limit)
        .orElseGet(profile::highestLimit);
  }

  private static double full(PowerProfile profile) {
    return profile.points().getLast().throughput();
  }

  private PolicyDecision planned(
      PolicyInput situation, PowerProfile profile, EnergyOutlook outlook, JobProgress counted) {
    OperatingCurve curve = OperatingCurve.of(PowerHull.of(profile), full(profile));
    CurrentSpeed pace = CurrentSpeed.of(situation, profile, counted);
    JobBudget promise = promise(situation, profile, counted);
    return promise
        .plan(outlook, situation.at(), curve)
        .map(fill ->
            new LimitSmoothing(situation.at(), promise, pace, curve, STAY_SECONDS / outlook.speed())
                .decide(fill))
        .orElseGet(() -> new PolicyDecision.Limit(curve.limit(curve.levels() - 1).orElseThrow()));
  }

  @Override
  public boolean needsProgress() {
    return true;
  }

  /** Without a profile nobody can tell what was done since the last count, so it is as of then. */
  @Override
  public Optional<Slack> slack(PolicyInput situation) {
    return situation
        .progress()
        .map(counted ->
            situation
                .profile()
                .flatMap(known -> known.within(situation.allowed()))
                .map(profile -> promise(situation, profile, counted))
                .orElseGet(() -> new JobBudget(counted, bound)))
        .map(promise -> new Slack(promise.slack(1), promise.allowance()));
  }

  private JobBudget promise(PolicyInput situation, PowerProfile profile, JobProgress counted) {
    CurrentSpeed pace = CurrentSpeed.of(situation, profile, counted);
    return new JobBudget(counted.expectedAt(situation.at(), pace.rate()), bound);
  }

  @Override
  public Optional<SlowdownBound> slowdownBound() {
    return Optional.of(new SlowdownBound(bound));
  }

  @Override
  public Kind kind() {
    return Kind.BUDGET;
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
   * @param rate what the job achieves, as a share of full power; nothing while it rests
   * @param paused whether it rests
   * @param pauseChangedAt when it last began or ended a rest; empty when it never did
   */
  record CurrentSpeed(
      Optional<Watts> limit,
      Optional<Instant> limitSince,
      double rate,
      boolean paused,
      Optional<Instant> pauseChangedAt) {
    /** What {@code profile} lets expect of the job in {@code situation}. */
    static CurrentSpeed of(PolicyInput situation, PowerProfile profile, JobProgress progress) {
      double full = profile.points().getLast().throughput();
      Optional<Watts> limit = situation.currentLimit().map(PolicyInput.CurrentLimit::limit);
      boolean resting = progress.pause().filter(JobProgress.PauseState::paused).isPresent();
      double running = limit.flatMap(profile::at).map(Point::throughput).orElse(full);
      return new CurrentSpeed(
          limit,
          situation.currentLimit().flatMap(PolicyInput.CurrentLimit::since),
          resting ? 0 : running / full,
          resting,
          progress.pause().flatMap(JobProgress.PauseState::since));
    }
  }
}
