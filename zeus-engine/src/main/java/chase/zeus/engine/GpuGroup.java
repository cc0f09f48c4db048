package chase.zeus.engine;

import chase.zeus.engine.JobView.JobDecision;
import chase.zeus.engine.JobView.NextDecision;
import chase.zeus.engine.JobView.PauseAdvice;
import chase.zeus.engine.JobView.PolicyPlan;
import chase.zeus.engine.LimitHold.TargetLimit;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PolicyDecision;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PolicyInput.CurrentLimit;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfilingEvent.AbortReason;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The GPUs of one job. They all get the same limit, since the slowest delays the others: what the
 * policy decides for one of them within the limits that all may have, or a limit that is tried to
 * profile the job. A GPU that an operator, a lease, an external process or its own state holds is
 * left out.
 *
 * @param job the job
 * @param gpus its GPUs
 * @param mode in observe mode no limit is tried and no job is advised to pause
 */
record GpuGroup(JobState job, List<GpuState> gpus, SafetyRules.Mode mode) {

  /**
   * What was decided for the job's GPUs.
   *
   * @param policy the policy that decided
   * @param input what it decided on
   * @param target what the GPUs should have
   */
  record GroupDecision(PowerPolicy policy, PolicyInput input, TargetLimit target) {
    GroupDecision withTarget(TargetLimit other) {
      return new GroupDecision(policy, input, other);
    }

    Optional<NextDecision> nextDecision() {
      return target
          .advice()
          .flatMap(PauseAdvice::until)
          .filter(until -> until.isAfter(input.at()))
          .map(until -> new NextDecision(policy, input, until));
    }

    /** Of a limit that is tried, or of one that only measures, nothing follows. */
    Optional<PolicyPlan> plan() {
      return target.reason() instanceof Reason.Chosen || target.reason() instanceof Reason.Dwelling
          ? Optional.of(new PolicyPlan(policy, input))
          : Optional.empty();
    }

    boolean pauses() {
      return target.advice().filter(PauseAdvice::pause).isPresent();
    }

    /** Without a limit the original limit is meant, which is above all that may be chosen. */
    Watts limitOrHighest() {
      return target.limit().orElse(new Watts(Double.MAX_VALUE));
    }
  }

  /**
   * What one GPU puts before a policy, and how its decision becomes a target.
   *
   * @param host what holds for all GPUs
   * @param allowed the limits that may be chosen
   * @param profile what the job draws and achieves, where known
   * @param current the limit that the GPU has, where known
   * @param dwellsUntil until when the last change must stay; empty when it need not
   * @param isAt whether the GPU has a limit, or what its driver makes of it
   */
  record PolicyQuery(
      HostState host,
      PowerRange allowed,
      Optional<PowerProfile> profile,
      Optional<CurrentLimit> current,
      Optional<Instant> dwellsUntil,
      Predicate<Watts> isAt) {

    /** The same query with the limits that all GPUs of a job may have. */
    PolicyQuery withRange(PowerRange shared) {
      return new PolicyQuery(host, shared, profile, current, dwellsUntil, isAt);
    }

    /** The same query for a job whose {@code measured} profile counts, where there is one. */
    PolicyQuery withProfile(Optional<PowerProfile> measured) {
      return new PolicyQuery(host, allowed, measured.or(() -> profile), current, dwellsUntil, isAt);
    }

    /** All that a policy may look at; the host's draw is part of every draw. */
    PolicyInput input(Optional<JobProgress> progress, PolicyCache cache) {
      return new PolicyInput(
          allowed,
          profile.map(known -> cache.withHost(known, host.power().perGpu())),
          host.trustedOutlook(),
          host.at(),
          progress.map(this::withHostPower),
          current);
    }

    private JobProgress withHostPower(JobProgress counted) {
      return new JobProgress(
          counted.since(),
          counted.asOf(),
          counted.done(),
          counted.remaining(),
          counted.deadline(),
          counted.pause().map(host.power()::addTo));
    }

    /** What {@code policy} decides; without a limit the original limit is meant. */
    TargetLimit decide(PowerPolicy policy, PolicyInput input, PolicyCache cache) {
      return switch (cache.decide(policy, input)) {
        case PolicyDecision.Limit limit ->
            dwell(policy, limit.limit(), new PauseAdvice(false, limit.until()));
        case PolicyDecision.Pause pause ->
            dwell(policy, pause.limit(), new PauseAdvice(true, pause.until()));
        case PolicyDecision n when hasOneLimit() ->
            new TargetLimit(Optional.of(allowed.max()), new Reason.NoChoice());
        case PolicyDecision.NeedsSignal n ->
            new TargetLimit(Optional.empty(), new Reason.NoSignal());
        case PolicyDecision.NeedsProfile n ->
            new TargetLimit(Optional.empty(), new Reason.NoProfile());
      };
    }

    /** Whether only one limit may be set, so that nothing need be known to choose. */
    private boolean hasOneLimit() {
      return allowed.min().sameLimitAs(allowed.max());
    }

    private TargetLimit dwell(PowerPolicy policy, Watts chosen, PauseAdvice advice) {
      Watts limit = allowed.clamp(Watts.ofMilliwatts(chosen.toMilliwatts()));
      boolean wait =
          dwellsUntil.filter(until -> host.at().isBefore(until)).isPresent() && !isAt.test(limit);
      return wait
          ? new TargetLimit(
              current.map(CurrentLimit::limit),
              new Reason.Dwelling(limit, dwellsUntil.get()),
              Optional.of(new PauseAdvice(advice.pause(), dwellsUntil)))
          : new TargetLimit(
              Optional.of(limit), new Reason.Chosen(bound(policy, limit)), Optional.of(advice));
    }

    private static Optional<Reason.Bound> bound(PowerPolicy policy, Watts limit) {
      return policy
          .constantLimit()
          .filter(wanted -> !wanted.sameLimitAs(limit))
          .map(wanted -> new Reason.Bound(wanted, limit));
    }
  }

  /** Decides for every GPU, and sets the conditions under which the job runs from now on. */
  JobView decide(HostState host) {
    if (gpus.isEmpty()) {
      return view(host, Optional.empty());
    }
    Optional<PowerRange> range = range();
    Optional<GroupDecision> byPolicy =
        gpus.stream()
            .filter(gpu -> gpu.followsPolicy(host))
            .findFirst()
            .map(gpu -> byPolicy(gpu.policyQuery(host).withRange(range.orElseThrow())));
    Optional<GroupDecision> decided =
        job.profiler()
            .filter(profiler -> mode == SafetyRules.Mode.CONTROL && isWorthProfiling(range))
            .filter(profiler -> isComplete())
            .map(profiler -> profiled(profiler, host, range, byPolicy))
            .orElse(byPolicy);
    gpus.forEach(gpu -> gpu.decide(host, () -> decided.orElseThrow().target()));
    if (isComplete()) {
      job.setConditions(
          range,
          range.isEmpty() || gpus.stream().allMatch(gpu -> gpu.hasAtLeast(range.get().max())),
          pauses(decided),
          limitInForce(),
          host.at());
    }
    return view(host, decided);
  }

  /** After a restart a job may be there before its GPUs are: what it runs under is not known. */
  private boolean isComplete() {
    return gpus.size() == job.spec().gpus().size();
  }

  /** What the policy decided, unless another limit is tried instead. */
  private Optional<GroupDecision> profiled(
      JobProfiler profiler,
      HostState host,
      Optional<PowerRange> range,
      Optional<GroupDecision> byPolicy) {
    Optional<AbortReason> hindrance =
        gpus.stream().map(gpu -> gpu.hindranceToTrial(host)).flatMap(Optional::stream).findFirst();
    if (hindrance.isPresent() || byPolicy.isEmpty() || range.isEmpty()) {
      profiler.stop(hindrance.orElse(AbortReason.GPU_LOST), host.at());
      return byPolicy;
    }
    PowerRange own = gpus.getFirst().traits().powerRange().orElse(range.get());
    profiler.update(
        JobProfiler.TrialAllowance.of(
            byPolicy.get(), own, range.get(), policies(host), job.secondsLeft()),
        job.usualSampleLength());
    return profiler.active() && !byPolicy.get().pauses()
        ? byPolicy.map(decision -> decision.withTarget(trial(profiler, range.get())))
        : byPolicy;
  }

  /** A job that always runs at the same limit is profiled only if it may be paused. */
  private boolean isWorthProfiling(Optional<PowerRange> range) {
    return job.spec().idle().isPresent()
        || range.filter(only -> only.min().sameLimitAs(only.max())).isEmpty();
  }

  private TargetLimit trial(JobProfiler profiler, PowerRange range) {
    return new TargetLimit(
        Optional.of(profiler.requestedLimit().orElse(range.max())),
        new Reason.Profiling(job.id(), profiler.state().orElseThrow()));
  }

  /** The limit that all GPUs run under; empty when they differ. */
  private Optional<Watts> limitInForce() {
    Optional<Watts> tried =
        job.profiler().flatMap(JobProfiler::requestedLimit).filter(this::allAreUnder);
    return tried.or(() -> gpus.getFirst().limitInForce().filter(this::allAreUnder));
  }

  private boolean allAreUnder(Watts limit) {
    return gpus.stream().allMatch(gpu -> gpu.isUnder(limit));
  }

  private boolean pauses(Optional<GroupDecision> decided) {
    return mode == SafetyRules.Mode.CONTROL && decided.filter(GroupDecision::pauses).isPresent();
  }

  /** The limits that all GPUs may have; where their ranges do not meet, the lowest maximum. */
  private Optional<PowerRange> range() {
    List<PowerRange> each = gpus.stream().map(GpuState::allowed).flatMap(Optional::stream).toList();
    Optional<Watts> max = each.stream().map(PowerRange::max).min(Comparator.naturalOrder());
    Optional<Watts> min = each.stream().map(PowerRange::min).max(Comparator.naturalOrder());
    return max.map(highest -> new PowerRange(min.orElseThrow().min(highest), highest));
  }

  /** Where the GPUs' own policies differ, the highest limit counts. */
  private GroupDecision byPolicy(PolicyQuery query) {
    PolicyQuery known = query.withProfile(job.profiler().flatMap(JobProfiler::profile));
    return policies(query.host()).stream()
        .map(policy -> byPolicy(known, policy))
        .max(Comparator.comparing(GroupDecision::limitOrHighest))
        .orElseThrow();
  }

  private List<PowerPolicy> policies(HostState host) {
    return job.policy()
        .or(() -> Optional.of(host.policy()).filter(own -> gpus.isEmpty()))
        .map(List::of)
        .orElseGet(
            () -> gpus.stream().map(gpu -> gpu.policy().orElse(host.policy())).distinct().toList());
  }

  private GroupDecision byPolicy(PolicyQuery query, PowerPolicy policy) {
    PolicyInput input = query.input(job.progress(), job.policyCache());
    TargetLimit target = query.decide(policy, input, job.policyCache());
    boolean measures =
        policy.needsProgress() && input.progress().isEmpty() && target.advice().isPresent();
    return new GroupDecision(
        policy,
        input,
        measures
            ? new TargetLimit(
                Optional.of(query.allowed().max()), new Reason.MeasuringFullSpeed(job.id()))
            : target);
  }

  private JobView view(HostState host, Optional<GroupDecision> decided) {
    PowerPolicy policy =
        decided.map(GroupDecision::policy).orElseGet(() -> policies(host).getFirst());
    return job.view(
        policy,
        decided.flatMap(decision -> policy.slack(decision.input())),
        new JobDecision(
            decided.flatMap(decision -> decision.target().limit()),
            decided.flatMap(decision -> decision.target().advice()),
            decided.flatMap(GroupDecision::nextDecision),
            decided.flatMap(GroupDecision::plan),
            pauses(decided),
            job.ignoresPauses()));
  }
}
