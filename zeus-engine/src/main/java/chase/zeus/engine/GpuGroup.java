package chase.zeus.engine;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Situation;
import chase.zeus.profile.ProfileEvent;
import chase.zeus.unit.Watts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The GPUs of one job. They get one limit, since the slowest stalls all: what the policy decides
 * for one of them within the limits that all may have, or what is tried to learn from the job. A
 * GPU that an operator, another writer or its own trouble holds is left out.
 *
 * @param job the job
 * @param gpus its GPUs
 * @param mode whether anything is done about them; who only observes tells no job to pause
 */
record GpuGroup(JobState job, List<GpuState> gpus, Mode mode) {

  /** Decides for every card, and lets the job know how it is run. */
  JobView decide(HostState host) {
    Optional<PowerRange> range = range();
    Optional<Case> judged =
        gpus.stream()
            .filter(card -> card.followsPolicy(host))
            .findFirst()
            .map(card -> decided(card.policyQuery(host).withRange(range.orElseThrow())));
    Optional<Case> decided =
        job.profiler()
            .filter(study -> mode == Mode.CONTROL && isWorthMeasuring(range))
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
  private Optional<Case> profiled(
      JobProfiler study, HostState host, Optional<PowerRange> range, Optional<Case> judged) {
    Optional<ProfileEvent.Reason> hindrance =
        gpus.stream().map(card -> card.hindrance(host)).flatMap(Optional::stream).findFirst();
    if (hindrance.isPresent() || judged.isEmpty() || range.isEmpty()) {
      study.stop(hindrance.orElse(ProfileEvent.Reason.GPU_LOST), host.at());
      return judged;
    }
    PowerRange own = gpus.getFirst().traits().powerRange().orElse(range.get());
    study.update(
        Chance.of(judged.get(), own, range.get(), policies(host), job.secondsLeft()),
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

  private boolean pauses(Optional<Case> decided) {
    return mode == Mode.CONTROL && decided.filter(Case::pauses).isPresent();
  }

  /** The limits that all cards may have: where they share none, the least of their highest. */
  private Optional<PowerRange> range() {
    List<PowerRange> each = gpus.stream().map(GpuState::allowed).flatMap(Optional::stream).toList();
    Optional<Watts> max = each.stream().map(PowerRange::max).min(Comparator.naturalOrder());
    Optional<Watts> min = each.stream().map(PowerRange::min).max(Comparator.naturalOrder());
    return max.map(highest -> new PowerRange(min.orElseThrow().min(highest), highest));
  }

  /** Where policies of single GPUs differ, the highest limit counts. */
  private Case decided(Hearing hearing) {
    Hearing known = hearing.withProfile(job.profiler().flatMap(JobProfiler::profile));
    return policies(hearing.host()).stream()
        .map(policy -> decided(known, policy))
        .max(Comparator.comparing(Case::limit))
        .orElseThrow();
  }

  private List<PowerPolicy> policies(HostState host) {
    return job.policy()
        .map(List::of)
        .orElseGet(() ->
            gpus.stream().map(card -> card.policy().orElse(host.policy())).distinct().toList());
  }

  private Case decided(Hearing hearing, PowerPolicy policy) {
    Situation situation = hearing.input(job.progress());
    TargetLimit wish = hearing.decide(policy, situation, job.policyCache());
    boolean measures =
        policy.countsWork() && situation.progress().isEmpty() && wish.advice().isPresent();
    return new Case(policy, situation, measures ? measuring(hearing) : wish);
  }

  private TargetLimit measuring(Hearing hearing) {
    return new TargetLimit(
        Optional.of(hearing.allowed().max()), new Reason.MeasuringFullSpeed(job.id()));
  }

  private JobView view(HostState host, Optional<Case> decided) {
    PowerPolicy policy = decided.map(Case::policy).orElseGet(() -> policies(host).getFirst());
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
        decided.flatMap(Case::nextDecision),
        pauses(decided),
        job.ignoresPauses(),
        job.profile(),
        job.metrics());
  }
}
