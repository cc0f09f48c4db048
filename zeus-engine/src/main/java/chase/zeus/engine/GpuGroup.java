package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PolicyDecision;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfilingEvent;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The GPUs of one job. They get one limit, since the slowest stalls all: what the policy decides
 * for one of them within the limits that all may have, or what is tried to learn from the job. A
 * GPU that an operator, another writer or its own trouble holds is left out.
 *
 * @param job the job
 * @param gpus its GPUs
 * @param mode whether anything is done about them; who only observes tells no job to pause
 */
record GpuGroup(JobState job, List<GpuState> gpus, SafetyRules.Mode mode) {

  /** Decides for every card, and lets the job know how it is run. */
  JobView decide(HostState host) {
    Optional<PowerRange> range = range();
    Optional<GroupDecision> judged =
        gpus.stream()
            .filter(card -> card.followsPolicy(host))
            .findFirst()
            .map(card -> decided(card.policyQuery(host).withRange(range.orElseThrow())));
    Optional<GroupDecision> decided =
        job.profiler()
            .filter(study -> mode == SafetyRules.Mode.CONTROL && isWorthMeasuring(range))
            .map(study -> profiled(study, host, range, judged))
            .orElse(judged);
    gpus.forEach(card -> card.decide(host, () -> decided.orElseThrow().target()));
    job.setConditions(
        range,
        range.isEmpty() || gpus.stream().allMatch(card -> card.hasAtLeast(range.get().max())),
        pauses(decided),
        inForce(),
        host.at());
    return view(host, decided);
  }

  /** What was decided, unless something else is tried instead. */
  private Optional<GroupDecision> profiled(
      JobProfiler study,
      HostState host,
      Optional<PowerRange> range,
      Optional<GroupDecision> judged) {
    Optional<ProfilingEvent.AbortReason> hindrance =
        gpus.stream().map(card -> card.hindrance(host)).flatMap(Optional::stream).findFirst();
    if (hindrance.isPresent() || judged.isEmpty() || range.isEmpty()) {
      study.stop(hindrance.orElse(ProfilingEvent.AbortReason.GPU_LOST), host.at());
      return judged;
    }
    PowerRange own = gpus.getFirst().traits().powerRange().orElse(range.get());
    study.update(
        JobProfiler.TrialAllowance.of(
            judged.get(), own, range.get(), policies(host), job.secondsLeft()),
        job.usualSampleLength());
    return study.active() && !judged.get().pauses()
        ? judged.map(heard -> heard.withTarget(trial(study, range.get())))
        : judged;
  }

  /** A job that runs at one limit whatever is known of it is measured only if it may rest. */
  private boolean isWorthMeasuring(Optional<PowerRange> range) {
    return job.spec().idle().isPresent()
        || range.filter(only -> only.min().sameLimitAs(only.max())).isEmpty();
  }

  private TargetLimit trial(JobProfiler study, PowerRange range) {
    return new TargetLimit(
        Optional.of(study.wanted().orElse(range.max())),
        new Reason.Profiling(job.id(), study.state().orElseThrow()));
  }

  private Optional<Watts> inForce() {
    Optional<Watts> wanted = job.profiler().flatMap(JobProfiler::wanted).filter(this::areUnder);
    return wanted.or(() -> gpus.getFirst().limitInForce().filter(this::areUnder));
  }

  private boolean areUnder(Watts limit) {
    return gpus.stream().allMatch(card -> card.isUnder(limit));
  }

  private boolean pauses(Optional<GroupDecision> decided) {
    return mode == SafetyRules.Mode.CONTROL && decided.filter(GroupDecision::pauses).isPresent();
  }

  /** The limits that all cards may have: where they share none, the least of their highest. */
  private Optional<PowerRange> range() {
    List<PowerRange> each = gpus.stream().map(GpuState::allowed).flatMap(Optional::stream).toList();
    Optional<Watts> max = each.stream().map(PowerRange::max).min(Comparator.naturalOrder());
    Optional<Watts> min = each.stream().map(PowerRange::min).max(Comparator.naturalOrder());
    return max.map(highest -> new PowerRange(min.orElseThrow().min(highest), highest));
  }

  /** Where policies of single GPUs differ, the highest limit counts. */
  private GroupDecision decided(PolicyQuery hearing) {
    PolicyQuery known = hearing.withProfile(job.profiler().flatMap(JobProfiler::profile));
    return policies(hearing.host()).stream()
        .map(policy -> decided(known, policy))
        .max(Comparator.comparing(GroupDecision::limit))
        .orElseThrow();
  }

  private List<PowerPolicy> policies(HostState host) {
    return job.policy()
        .map(List::of)
        .orElseGet(() ->
            gpus.stream().map(card -> card.policy().orElse(host.policy())).distinct().toList());
  }

  private GroupDecision decided(PolicyQuery hearing, PowerPolicy policy) {
    PolicyInput situation = hearing.input(job.progress());
    TargetLimit wish = hearing.decide(policy, situation, job.policyCache());
    boolean measures =
        policy.needsProgress() && situation.progress().isEmpty() && wish.advice().isPresent();
    return new GroupDecision(policy, situation, measures ? measuring(hearing) : wish);
  }

  private TargetLimit measuring(PolicyQuery hearing) {
    return new TargetLimit(
        Optional.of(hearing.allowed().max()), new Reason.MeasuringFullSpeed(job.id()));
  }

  private JobView view(HostState host, Optional<GroupDecision> decided) {
    PowerPolicy policy =
        decided.map(GroupDecision::policy).orElseGet(() -> policies(host).getFirst());
    return new JobView(
        job.id(),
        job.spec(),
        policy,
        job.startedAt(),
        job.lastReportAt(),
        job.steps(),
        job.recentSpeed(),
        job.fullSpeed(),
        job.progress(),
        decided.flatMap(heard -> policy.slack(heard.input())),
        decided.flatMap(heard -> heard.target().limit()),
        decided.flatMap(heard -> heard.target().advice()),
        decided.flatMap(GroupDecision::nextDecision),
        pauses(decided),
        job.ignoresPauses(),
        job.profile(),
        job.metrics());
  }

  /**
   * What was decided about a job's GPUs.
   *
   * @param policy who decides
   * @param input by what
   * @param target what they should have
   */
  record GroupDecision(PowerPolicy policy, PolicyInput input, TargetLimit target) {
    GroupDecision withTarget(TargetLimit other) {
      return new GroupDecision(policy, input, other);
    }

    Optional<JobView.NextDecision> nextDecision() {
      return target
          .advice()
          .flatMap(JobView.Advice::until)
          .filter(until -> until.isAfter(input.at()))
          .map(until -> new JobView.NextDecision(policy, input, until));
    }

    boolean pauses() {
      return target.advice().filter(JobView.Advice::pause).isPresent();
    }

    /** The limit that is meant; the one found is above all that may be chosen. */
    Watts limit() {
      return target.limit().orElse(new Watts(Double.MAX_VALUE));
    }
  }

  /**
   * One card's case before a policy.
   *
   * @param host what holds for all cards
   * @param allowed the limits that may be chosen
   * @param profile what the job draws and achieves, where known
   * @param current the limit that the card has, where known
   * @param dwellsUntil until when the last change must stay; empty when it need not
   * @param isThere whether the card has that limit
   */
  record PolicyQuery(
      HostState host,
      PowerRange allowed,
      Optional<PowerProfile> profile,
      Optional<PolicyInput.CurrentLimit> current,
      Optional<Instant> dwellsUntil,
      Predicate<Watts> isThere) {

    /** The same case with the limits that all GPUs of a job may have. */
    PolicyQuery withRange(PowerRange shared) {
      return new PolicyQuery(host, shared, profile, current, dwellsUntil, isThere);
    }

    /** The same case for a job of which {@code own} is known, where something is. */
    PolicyQuery withProfile(Optional<PowerProfile> own) {
      return new PolicyQuery(host, allowed, own.or(() -> profile), current, dwellsUntil, isThere);
    }

    /** All that a policy may look at; the host's draw is in every draw. */
    PolicyInput input(Optional<JobProgress> progress) {
      return new PolicyInput(
          allowed,
          profile.map(known -> known.plus(host.power().perGpu())),
          host.outlook().filter(o -> o.trustedAt(host.at())),
          host.at(),
          progress.map(this::withHost),
          current);
    }

    private JobProgress withHost(JobProgress counted) {
      return new JobProgress(
          counted.since(),
          counted.asOf(),
          counted.done(),
          counted.remaining(),
          counted.deadline(),
          counted.pause().map(host.power()::addTo));
    }

    /** What {@code policy} decides; without a limit the one found is meant. */
    TargetLimit decide(PowerPolicy policy, PolicyInput situation, PolicyCache judge) {
      return switch (judge.decide(policy, situation)) {
        case PolicyDecision.Limit limit ->
            dwell(policy, limit.limit(), new JobView.Advice(false, limit.until()));
        case PolicyDecision.Pause pause ->
            dwell(policy, pause.limit(), new JobView.Advice(true, pause.until()));
        case PolicyDecision n when hasNoChoice() ->
            new TargetLimit(Optional.of(allowed.max()), new Reason.NoChoice());
        case PolicyDecision.NeedsSignal n ->
            new TargetLimit(Optional.empty(), new Reason.NoSignal());
        case PolicyDecision.NeedsProfile n ->
            new TargetLimit(Optional.empty(), new Reason.NoProfile());
      };
    }

    /** Whether one limit is all that may be set, so that nothing need be known to choose. */
    boolean hasNoChoice() {
      return allowed.min().sameLimitAs(allowed.max());
    }

    private TargetLimit dwell(PowerPolicy policy, Watts chosen, JobView.Advice advice) {
      Watts limit = allowed.clamp(Watts.ofMilliwatts(chosen.toMilliwatts()));
      boolean wait =
          dwellsUntil.filter(until -> host.at().isBefore(until)).isPresent()
              && !isThere.test(limit);
      return wait
          ? new TargetLimit(
              current.map(PolicyInput.CurrentLimit::limit),
              new Reason.Dwelling(limit, dwellsUntil.get()),
              Optional.of(new JobView.Advice(advice.pause(), dwellsUntil)))
          : new TargetLimit(
              Optional.of(limit), new Reason.Chosen(bound(policy, limit)), Optional.of(advice));
    }

    private static Optional<Reason.Bound> bound(PowerPolicy policy, Watts limit) {
      return policy
          .constantLimit()
          .filter(wish -> !wish.sameLimitAs(limit))
          .map(wish -> new Reason.Bound(wish, limit));
    }
  }
}
