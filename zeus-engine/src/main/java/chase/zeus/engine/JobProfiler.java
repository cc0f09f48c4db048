package chase.zeus.engine;

import chase.zeus.energy.GpuEnergy;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Slack;
import chase.zeus.profile.DriftDetector;
import chase.zeus.profile.DriftDetector.DriftFinding;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.MeasurementRules;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfilingCost;
import chase.zeus.profile.ProfilingEvent.Abort;
import chase.zeus.profile.ProfilingEvent.AbortReason;
import chase.zeus.profile.ProfilingEvent.Held;
import chase.zeus.profile.ProfilingEvent.Released;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.profile.ProfilingEvent.Tick;
import chase.zeus.profile.ProfilingPlan;
import chase.zeus.profile.ProfilingSession;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Learns how one job reacts to power limits: measures it while it trains, checks what is known
 * against what the job does, and measures again when it has changed. Used by the engine's thread
 * only.
 *
 * <p>Where the job was promised a bound on its slowdown, a limit is tried only once the job has
 * earned the time that this may cost, and left as soon as that is used up. So the promise holds at
 * every moment, measuring included.
 */
final class JobProfiler {
  /** A job that is not steady now may be later. */
  private static final Duration AFTER_UNSETTLED = Duration.ofHours(1);

  /** A job that changes all the time must not be measured all the time. */
  private static final Duration BETWEEN_RUNS = Duration.ofMinutes(30);

  /** A limit is not worth trying on a job that ends within so many times what that takes. */
  private static final double WORTHWHILE = 10;

  private final ProfilingRules rules;
  private final DatedProfile points = new DatedProfile();
  private DriftDetector drift;
  private Optional<ActiveRun> course = Optional.empty();
  private Optional<ProfilingState> ended = Optional.empty();
  private ProfilingCost spent = ProfilingCost.NONE;
  private int lastMeasured;
  private List<Watts> planned = List.of();
  private boolean due = true;
  private Instant notBefore = Instant.MIN;
  private long changes;

  /** A run, what it may try, and for whom. */
  private record ActiveRun(
      ProfilingSession run,
      ProfilingPlan plan,
      PowerRange range,
      List<PowerPolicy> policies,
      Duration stretch) {
    ActiveRun with(ProfilingSession next) {
      return new ActiveRun(next, plan, range, policies, stretch);
    }

    boolean isHeld() {
      return run.state() instanceof ProfilingState.Waiting;
    }
  }

  JobProfiler(ProfilingRules rules) {
    this.rules = rules;
    this.drift = DriftDetector.start(rules.windows());
  }

  /** Takes in what was measured of an earlier run of the job. */
  void load(MeasuredProfile earlier, Instant measuredAt) {
    MeasuredProfile own = measured();
    course.ifPresent(now -> spent = spent.plus(now.run().cost()));
    course = Optional.empty();
    points.update(earlier, measuredAt);
    points.update(earlier.and(own), measuredAt);
    due = true;
    notBefore = Instant.MIN;
  }

  /** Takes in a stretch of the job's life; true when it shows that the job has changed. */
  boolean observe(Sampled sample) {
    if (course.filter(now -> !now.isHeld()).isPresent()) {
      step(course.orElseThrow().run().after(sample), sample.at());
      return false;
    }
    drift = drift.after(sample, measured());
    if (drift.finding().isEmpty()) {
      return false;
    }
    DriftFinding finding = drift.finding().get();
    boolean left = finding instanceof DriftFinding.Drifted;
    if (left) {
      changed(finding.applyTo(measured()), sample.at());
    } else if (course.isEmpty() && !points.isEmpty()) {
      points.update(finding.applyTo(points.profile()), sample.at());
    }
    return left;
  }

  private void changed(MeasuredProfile now, Instant at) {
    abort(AbortReason.DRIFTED, at);
    points.update(now, at);
    changes++;
    due = true;
  }

  /** Begins, goes on, waits or ends, as {@code chance} permits. */
  void update(TrialAllowance chance, Optional<Duration> stretch) {
    course.flatMap(now -> spoiled(now, chance)).ifPresent(why -> abort(why, chance.at()));
    boolean begins = course.isEmpty() && due && !chance.at().isBefore(notBefore);
    if (begins && stretch.filter(length -> isWorthwhile(chance, length)).isPresent()) {
      begin(chance, stretch.get());
    }
    if (course.isPresent()) {
      goOn(course.get(), chance);
    }
  }

  /** No limit may be tried any more for now. */
  void stop(AbortReason reason, Instant at) {
    abort(reason, at);
  }

  private boolean isWorthwhile(TrialAllowance chance, Duration stretch) {
    double seconds = rules.windows().expected(stretch).toNanos() / 1e9;
    return chance.policies().stream().anyMatch(PowerPolicy::needsProfile)
        && chance.lasts() >= WORTHWHILE * seconds;
  }

  private Optional<AbortReason> spoiled(ActiveRun now, TrialAllowance chance) {
    if (!now.policies().equals(chance.policies())) {
      return Optional.of(AbortReason.POLICY_CHANGED);
    }
    if (!now.range().equals(chance.range())) {
      return Optional.of(AbortReason.RANGE_CHANGED);
    }
    return isWorthwhile(chance, now.stretch())
        ? Optional.empty()
        : Optional.of(AbortReason.JOB_ENDED);
  }

  private void begin(TrialAllowance chance, Duration stretch) {
    MeasurementRules windows = rules.windows().reportedEvery(stretch);
    ProfilingPlan plan = rules.plan(chance.gpuRange(), chance.range(), windows);
    ProfilingSession run = ProfilingSession.start(plan, measured(), chance.at());
    due = false;
    notBefore = chance.at().plus(BETWEEN_RUNS);
    planned = plan.limits();
    course = Optional.of(new ActiveRun(run, plan, chance.range(), chance.policies(), stretch));
    step(run, chance.at());
  }

  private void goOn(ActiveRun now, TrialAllowance chance) {
    ProfilingSession run = now.run().after(new Tick(chance.at()));
    Optional<Watts> next = run.nextLimit();
    if (next.isPresent()) {
      Duration ahead = now.isHeld() ? now.plan().rules().expected(now.stretch()) : now.stretch();
      run =
          affords(next.get(), ahead, now, chance)
              ? run.after(new Released(chance.at()))
              : run.after(new Held(chance.at()));
    }
    step(run, chance.at());
  }

  /** Whether the job can stand {@code limit} for {@code time}. */
  private boolean affords(Watts limit, Duration time, ActiveRun now, TrialAllowance chance) {
    Watts full = now.range().max();
    if (limit.compareTo(full) >= 0) {
      return true;
    }
    double share = now.run().measured().minimumThroughputShare(limit, full);
    return chance.slack() >= time.toNanos() / 1e9 * (1 - share);
  }

  private void step(ProfilingSession next, Instant at) {
    course = course.map(now -> now.with(next));
    points.update(next.measured(), at);
    if (next.nextLimit().isEmpty()) {
      close();
    }
  }

  private void abort(AbortReason reason, Instant at) {
    course.ifPresent(now -> step(now.run().after(new Abort(at, reason)), at));
  }

  /** Keeps what the run has come to. */
  private void close() {
    course.ifPresent(now -> {
      ended = Optional.of(now.run().state());
      spent = spent.plus(now.run().cost());
      lastMeasured = now.run().limitsMeasured();
      if (now.run().state() instanceof ProfilingState.Aborted aborted) {
        due = true;
        notBefore =
            aborted.reason() == AbortReason.UNSETTLED
                ? notBefore.plus(AFTER_UNSETTLED)
                : Instant.MIN;
      }
      drift = DriftDetector.start(now.plan().rules());
    });
    course = Optional.empty();
  }

  private MeasuredProfile measured() {
    return points.profile();
  }

  /** Whether limits are being tried, or will be as soon as the job can afford it. */
  boolean active() {
    return course.filter(now -> !(now.run().state() instanceof ProfilingState.Silent)).isPresent();
  }

  /** The limit to try now; empty while there is none. */
  Optional<Watts> wanted() {
    return course.flatMap(now -> now.run().requestedLimit());
  }

  Optional<ProfilingState> state() {
    return course.map(now -> now.run().state()).or(() -> ended);
  }

  /** What policies may go by; empty while too little is known. */
  Optional<PowerProfile> profile() {
    return points.curve(planned);
  }

  /** Everything that is known, for people and for the job's next run. */
  ProfileView view(int gpus, ProfileView.WorkSource work, Optional<GpuEnergy.EnergyBasis> energy) {
    return new ProfileView(
        state(),
        course.map(now -> now.run().limitsMeasured()).orElse(lastMeasured),
        planned.size(),
        points.dated(),
        course.map(now -> spent.plus(now.run().cost())).orElse(spent),
        gpus,
        work,
        energy,
        changes);
  }

  /**
   * What may be done about a job's limits to learn from it.
   *
   * @param at now
   * @param gpuRange what its cards can be set to
   * @param range what all of them may be set to
   * @param policies what decides about them otherwise
   * @param slack how many seconds the job may lose; infinite where nothing is promised to it, and
   *     negative where nobody knows yet
   * @param lasts how many seconds it goes on, as far as one knows; infinite otherwise
   */
  record TrialAllowance(
      Instant at,
      PowerRange gpuRange,
      PowerRange range,
      List<PowerPolicy> policies,
      double slack,
      double lasts) {

    /** The chance that {@code judged} leaves; none while the job is told to pause. */
    static TrialAllowance of(
        GpuGroup.GroupDecision judged,
        PowerRange card,
        PowerRange range,
        List<PowerPolicy> policies,
        double lasts) {
      double slack =
          policies.stream()
              .filter(PowerPolicy::needsProgress)
              .mapToDouble(policy ->
                  policy.slack(judged.input()).map(Slack::seconds).orElse(Double.NEGATIVE_INFINITY))
              .min()
              .orElse(Double.POSITIVE_INFINITY);
      return new TrialAllowance(
          judged.input().at(),
          card,
          range,
          policies,
          judged.pauses() ? Double.NEGATIVE_INFINITY : slack,
          lasts);
    }
  }
}
