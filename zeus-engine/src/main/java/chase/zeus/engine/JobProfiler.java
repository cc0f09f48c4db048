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
import chase.zeus.profile.ProfilingEvent.Affordable;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.profile.ProfilingEvent.Tick;
import chase.zeus.profile.ProfilingEvent.Unaffordable;
import chase.zeus.profile.ProfilingPlan;
import chase.zeus.profile.ProfilingSession;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Measures how one job reacts to power limits while it runs, compares its profile with what the job
 * does, and measures again when the job has changed. Used by the engine's thread only.
 *
 * <p>Where the job has a bound on its slowdown, a limit is tried only once the slack covers the
 * time that the test may cost, and left as soon as that is used up. So the bound holds at every
 * moment, also while the job is measured.
 */
final class JobProfiler {
  /** A job is profiled only if it lasts this many times longer than the test of one limit. */
  private static final double WORTHWHILE = 10;

  private final ProfilingRules rules;
  private final DatedProfile profile = new DatedProfile();
  private DriftDetector drift;
  private Optional<ActiveSession> active = Optional.empty();
  private Optional<ProfilingState> ended = Optional.empty();
  private ProfilingCost spent = ProfilingCost.NONE;
  private int lastMeasured;
  private List<Watts> planned = List.of();
  private boolean due = true;
  private Instant notBefore = Instant.MIN;
  private long changes;

  /** A session, the limits that it may try, and the policies that need it. */
  private record ActiveSession(
      ProfilingSession session,
      ProfilingPlan plan,
      PowerRange range,
      List<PowerPolicy> policies,
      Duration sampleLength) {
    ActiveSession with(ProfilingSession next) {
      return new ActiveSession(next, plan, range, policies, sampleLength);
    }

    boolean isWaiting() {
      return session.state() instanceof ProfilingState.Waiting;
    }
  }

  JobProfiler(ProfilingRules rules) {
    this.rules = rules;
    this.drift = DriftDetector.start(rules.windows());
  }

  /** Adds what was measured in an earlier run of the job. */
  void load(MeasuredProfile earlier, Instant measuredAt) {
    MeasuredProfile own = measured();
    active.ifPresent(now -> spent = spent.plus(now.session().cost()));
    active = Optional.empty();
    profile.update(earlier, measuredAt);
    profile.update(earlier.and(own), measuredAt);
    due = true;
    notBefore = Instant.MIN;
  }

  /** Adds a sample of the job; returns whether it shows that the job has changed. */
  boolean observe(Sampled sample) {
    if (active.filter(now -> !now.isWaiting()).isPresent()) {
      step(active.orElseThrow().session().after(sample), sample.at());
      return false;
    }
    drift = drift.after(sample, measured());
    if (drift.finding().isEmpty()) {
      return false;
    }
    DriftFinding finding = drift.finding().get();
    boolean drifted = finding instanceof DriftFinding.Drifted;
    if (drifted) {
      changed(finding.applyTo(measured()), sample.at());
    } else if (active.isEmpty() && !profile.isEmpty()) {
      profile.update(finding.applyTo(profile.measured()), sample.at());
    }
    return drifted;
  }

  private void changed(MeasuredProfile now, Instant at) {
    abort(AbortReason.DRIFTED, at);
    profile.update(now, at);
    changes++;
    due = true;
  }

  /**
   * Starts, continues, delays or ends a session, as {@code allowance} permits.
   *
   * @param sampleLength how long a sample usually is; empty before there were a few
   */
  void update(TrialAllowance allowance, Optional<Duration> sampleLength) {
    active
        .flatMap(now -> reasonToAbort(now, allowance))
        .ifPresent(why -> abort(why, allowance.at()));
    boolean begins = active.isEmpty() && due && !allowance.at().isBefore(notBefore);
    if (begins && sampleLength.filter(length -> isWorthwhile(allowance, length)).isPresent()) {
      begin(allowance, sampleLength.get());
    }
    if (active.isPresent()) {
      proceed(active.get(), allowance);
    }
  }

  /** No limit may be tried any more for now. */
  void stop(AbortReason reason, Instant at) {
    abort(reason, at);
  }

  private boolean isWorthwhile(TrialAllowance allowance, Duration sampleLength) {
    double seconds = rules.windows().expected(sampleLength).toNanos() / 1e9;
    return allowance.policies().stream().anyMatch(PowerPolicy::needsProfile)
        && allowance.lasts() >= WORTHWHILE * seconds;
  }

  private Optional<AbortReason> reasonToAbort(ActiveSession now, TrialAllowance allowance) {
    if (!now.policies().equals(allowance.policies())) {
      return Optional.of(AbortReason.POLICY_CHANGED);
    }
    if (!now.range().equals(allowance.range())) {
      return Optional.of(AbortReason.RANGE_CHANGED);
    }
    return isWorthwhile(allowance, now.sampleLength())
        ? Optional.empty()
        : Optional.of(AbortReason.JOB_ENDED);
  }

  private void begin(TrialAllowance allowance, Duration sampleLength) {
    MeasurementRules windows = rules.windows().reportedEvery(sampleLength);
    ProfilingPlan plan = rules.plan(allowance.gpuRange(), allowance.range(), windows);
    ProfilingSession session = ProfilingSession.start(plan, measured(), allowance.at());
    due = false;
    notBefore = allowance.at().plus(rules.betweenSessions());
    planned = plan.limits();
    active =
        Optional.of(
            new ActiveSession(
                session, plan, allowance.range(), allowance.policies(), sampleLength));
    step(session, allowance.at());
  }

  private void proceed(ActiveSession now, TrialAllowance allowance) {
    ProfilingSession session = now.session().after(new Tick(allowance.at()));
    Optional<Watts> next = session.nextLimit();
    if (next.isPresent()) {
      Duration ahead =
          now.isWaiting() ? now.plan().rules().expected(now.sampleLength()) : now.sampleLength();
      session =
          affords(next.get(), ahead, now, allowance)
              ? session.after(new Affordable(allowance.at()))
              : session.after(new Unaffordable(allowance.at()));
    }
    step(session, allowance.at());
  }

  /** Whether the slack covers {@code time} at {@code limit}. */
  private boolean affords(Watts limit, Duration time, ActiveSession now, TrialAllowance allowance) {
    Watts full = now.range().max();
    if (limit.compareTo(full) >= 0) {
      return true;
    }
    double share = now.session().measured().minimumThroughputShare(limit, full);
    return allowance.slack() >= time.toNanos() / 1e9 * (1 - share);
  }

  private void step(ProfilingSession next, Instant at) {
    active = active.map(now -> now.with(next));
    profile.update(next.measured(), at);
    if (next.nextLimit().isEmpty()) {
      close();
    }
  }

  private void abort(AbortReason reason, Instant at) {
    active.ifPresent(now -> step(now.session().after(new Abort(at, reason)), at));
  }

  /** Keeps the result of the session. */
  private void close() {
    active.ifPresent(now -> {
      ended = Optional.of(now.session().state());
      spent = spent.plus(now.session().cost());
      lastMeasured = now.session().limitsMeasured();
      if (now.session().state() instanceof ProfilingState.Aborted aborted) {
        due = true;
        notBefore =
            aborted.reason() == AbortReason.UNSETTLED
                ? notBefore.plus(rules.afterUnsettled())
                : Instant.MIN;
      }
      drift = DriftDetector.start(now.plan().rules());
    });
    active = Optional.empty();
  }

  private MeasuredProfile measured() {
    return profile.measured();
  }

  /** Whether limits are being tried, or will be as soon as the job can afford it. */
  boolean active() {
    return active
        .filter(now -> !(now.session().state() instanceof ProfilingState.Silent))
        .isPresent();
  }

  /** The limit to try now; empty while there is none. */
  Optional<Watts> requestedLimit() {
    return active.flatMap(now -> now.session().requestedLimit());
  }

  Optional<ProfilingState> state() {
    return active.map(now -> now.session().state()).or(() -> ended);
  }

  /** The profile for policies; empty while too little is known. */
  Optional<PowerProfile> profile() {
    return profile.curve(planned);
  }

  /** All that is known, for people and for the job's next run. */
  ProfileView view(int gpus, ProfileView.WorkSource work, Optional<GpuEnergy.EnergyBasis> energy) {
    return new ProfileView(
        state(),
        active.map(now -> now.session().limitsMeasured()).orElse(lastMeasured),
        planned.size(),
        profile.dated(),
        active.map(now -> spent.plus(now.session().cost())).orElse(spent),
        gpus,
        work,
        energy,
        changes);
  }

  /**
   * What a job allows for tests of other limits.
   *
   * @param at now
   * @param gpuRange the power range of its GPUs
   * @param range the limits that all of them may have
   * @param policies the policies that decide about them otherwise
   * @param slack how many seconds the job may lose; infinite without a bound on its slowdown, and
   *     negative while its slack is not known
   * @param lasts how many seconds it goes on; infinite where that is not known
   */
  record TrialAllowance(
      Instant at,
      PowerRange gpuRange,
      PowerRange range,
      List<PowerPolicy> policies,
      double slack,
      double lasts) {

    /** What {@code decision} leaves; nothing while the job is advised to pause. */
    static TrialAllowance of(
        GpuGroup.GroupDecision decision,
        PowerRange gpuRange,
        PowerRange range,
        List<PowerPolicy> policies,
        double lasts) {
      double slack =
          policies.stream()
              .filter(PowerPolicy::needsProgress)
              .mapToDouble(policy ->
                  policy
                      .slack(decision.input())
                      .map(Slack::seconds)
                      .orElse(Double.NEGATIVE_INFINITY))
              .min()
              .orElse(Double.POSITIVE_INFINITY);
      return new TrialAllowance(
          decision.input().at(),
          gpuRange,
          range,
          policies,
          decision.pauses() ? Double.NEGATIVE_INFINITY : slack,
          lasts);
    }
  }
}
