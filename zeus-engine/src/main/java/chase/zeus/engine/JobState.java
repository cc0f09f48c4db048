package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter.EnergyUsed;
import chase.zeus.energy.GpuEnergy.EnergyBasis;
import chase.zeus.engine.JobView.JobDecision;
import chase.zeus.engine.JobView.JobMetric;
import chase.zeus.engine.JobView.JobReports;
import chase.zeus.engine.JobView.JobWork;
import chase.zeus.engine.KeptState.JobPauses;
import chase.zeus.engine.KeptState.KeptJob;
import chase.zeus.engine.ProfileView.WorkSource;
import chase.zeus.engine.UnregisteredWork.ReportlessWork;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading.Activity;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Slack;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.throughput.StepCounter;
import chase.zeus.throughput.WorkSampler;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the engine knows of one job. Used by the engine's thread only. */
final class JobState {
  /** The time that a job may take to pause after it was advised to. */
  private static final Duration TIME_TO_PAUSE = Duration.ofMinutes(1);

  /** A job that reports within this time of its start is never counted by its GPUs. */
  private static final Duration TIME_TO_REPORT = Duration.ofMinutes(2);

  /** One late report may still count steps from before the pause; the second one cannot. */
  private static final int STEPS_DESPITE_PAUSE = 2;

  private final JobId id;
  private final JobSpec spec;
  private final Instant startedAt;
  private final boolean watched;
  private final StepCounter stepCounter;
  private final WorkSampler sampler = new WorkSampler();
  private final PolicyCache policyCache = new PolicyCache();
  private final Optional<JobProfiler> profiler;
  private final WorkSource source;
  private final SafetyRules rules;

  /** Its work by its GPUs' own counters; empty from its first report on. */
  private Optional<ReportlessWork> reportless = Optional.empty();

  /** What an earlier run of it did, as far as its work was counted. */
  private Optional<JobProgress> inherited = Optional.empty();

  private Optional<PowerPolicy> chosen = Optional.empty();
  private Instant lastReportAt;

  /** Since when its silence counts: the last report, or the end of a pause after it. */
  private Instant awaitedSince;

  /** The highest limit that all of its GPUs may have. */
  private Optional<Watts> highest = Optional.empty();

  private Optional<Instant> fullSince = Optional.empty();
  private JobPauses pauses = JobPauses.NONE;
  private Optional<EnergyBasis> energy = Optional.empty();
  private Map<String, JobMetric> metrics = Map.of();

  JobState(Event.JobStarted started, SafetyRules rules, WorkSource source) {
    this.source = source;
    this.rules = rules;
    this.stepCounter = new StepCounter(rules.speed());
    this.profiler = rules.profiling().map(JobProfiler::new);
    this.id = started.job();
    this.spec = started.spec();
    this.startedAt = started.at();
    this.watched = started.watched();
    this.lastReportAt = started.at();
    this.awaitedSince = started.at();
  }

  /** A job that ran before a restart at {@code at}; its silence counts from then on. */
  JobState(KeptJob kept, SafetyRules rules, Instant at) {
    this.source = WorkSource.REPORTED;
    this.rules = rules;
    this.stepCounter = new StepCounter(kept.counted(), rules.speed());
    this.profiler = rules.profiling().map(JobProfiler::new);
    this.id = kept.id();
    this.spec = kept.spec();
    this.startedAt = kept.startedAt();
    this.watched = kept.watched();
    this.lastReportAt = kept.reports().lastAt();
    this.metrics = kept.reports().metrics();
    this.pauses = kept.pauses();
    this.highest = kept.highest();
    this.inherited = kept.earlier();
    this.awaitedSince = at;
  }

  /** What outlives a restart. What was measured of it is kept elsewhere, for its next run too. */
  KeptJob kept() {
    return new KeptJob(
        id,
        spec,
        startedAt,
        watched,
        reports(),
        stepCounter.counted(),
        reportless.isPresent() ? progress().or(() -> inherited) : inherited,
        pauses,
        highest);
  }

  JobId id() {
    return id;
  }

  JobSpec spec() {
    return spec;
  }

  Optional<Long> steps() {
    return stepCounter.steps();
  }

  /** Whether the job went on although it was advised to pause, and so is planned as running. */
  boolean ignoresPauses() {
    return pauses.stepsDespite() >= STEPS_DESPITE_PAUSE;
  }

  /** Its own policy: an operator's choice, else the one that it registered with. */
  Optional<PowerPolicy> policy() {
    return chosen.or(spec::policy);
  }

  void choose(Optional<PowerPolicy> policy) {
    chosen = policy;
  }

  PolicyCache policyCache() {
    return policyCache;
  }

  /** Measures how it reacts to power limits; empty where jobs are not profiled. */
  Optional<JobProfiler> profiler() {
    return reportless.map(ReportlessWork::profiler).or(() -> profiler);
  }

  /** The usual time between its reports, as far as energy is known for them. */
  Optional<Duration> usualSampleLength() {
    return reportless.map(ReportlessWork::sampler).orElse(sampler).usualLength();
  }

  /** What it reported so far. */
  JobReports reports() {
    return new JobReports(lastReportAt, steps(), metrics);
  }

  /** The last value of each of its metrics after one more report; immutable. */
  Map<String, JobMetric> metricsWith(Event.StepsReported report) {
    if (report.metrics().isEmpty()) {
      return metrics;
    }
    Map<String, JobMetric> next = new TreeMap<>(metrics);
    report
        .metrics()
        .forEach(
            (name, value) -> next.put(name, new JobMetric(value, report.steps(), report.at())));
    return Collections.unmodifiableMap(next);
  }

  /**
   * Handles a report whose count is not below the last one.
   *
   * @param used the energy that its GPUs had used by then, where that is known
   */
  void onReport(Event.StepsReported report, Optional<EnergyUsed> used) {
    boolean grown = report.steps() > steps().orElse(report.steps());
    boolean late =
        pauses.since().filter(since -> since.plus(TIME_TO_PAUSE).isBefore(report.at())).isPresent();
    Optional<Double> usual = speed();
    reportless = Optional.empty();
    stepCounter.count(report.steps(), report.at(), fullSince, pauses.sinceReport());
    pauses = pauses.afterReport(grown, late, report.at());
    lastReportAt = report.at();
    awaitedSince = report.at();
    metrics = metricsWith(report);
    sample(report, used, usual);
  }

  /**
   * Handles what a GPU shows of a job's work: counted while the job, which names no total of steps,
   * reports none.
   *
   * @param used the energy that its GPUs had used by then, where that is known
   */
  void onActivity(GpuId gpu, Activity activity, Instant at, Optional<EnergyUsed> used) {
    boolean reports = steps().isPresent() || spec.totalSteps().isPresent();
    if (reports || rules.profiling().isEmpty() || at.isBefore(startedAt.plus(TIME_TO_REPORT))) {
      return;
    }
    if (reportless.filter(now -> now.source() == activity.source()).isEmpty()) {
      ReportlessWork begun =
          new ReportlessWork(
              activity.source(), spec.gpus(), rules.profiling().get(), rules.speed());
      inherited.ifPresent(begun.counter()::inherit);
      reportless = Optional.of(begun);
    }
    reportless.get().onReading(gpu, activity, at, used, fullSince);
    energy = used.map(EnergyUsed::basis).or(() -> energy);
  }

  /** Continues with what is left of the budget of the same job, whose process was killed. */
  void inherit(JobState earlier) {
    inherited = earlier.progress();
    inherited.ifPresent(stepCounter::inherit);
  }

  private Optional<Double> speed() {
    return stepCounter.fullSpeed().or(stepCounter::recentSpeed);
  }

  private void sample(
      Event.StepsReported report, Optional<EnergyUsed> used, Optional<Double> usualSpeed) {
    energy = used.map(EnergyUsed::basis).or(() -> energy);
    if (pauses.sinceReport()) {
      sampler.interrupt();
    }
    Optional<Sampled> sample = sampler.count((double) report.steps(), report.at(), used);
    boolean changed =
        sample.isPresent()
            && profiler.isPresent()
            && profiler.get().observe(plausible(sample.get(), usualSpeed));
    if (changed) {
      stepCounter.remeasure();
    }
  }

  /** Steps that appear from nowhere, such as from a checkpoint, are no work. */
  private static Sampled plausible(Sampled sample, Optional<Double> usualSpeed) {
    double most =
        usualSpeed.isPresent()
            ? StepCounter.UNLIKE_STEPS * usualSpeed.get() * sample.over().toNanos() / 1e9
            : sample.steps();
    return sample.steps() <= most
        ? sample
        : new Sampled(sample.at(), sample.over(), most, sample.energy(), Optional.empty());
  }

  /**
   * Whether it did not report for {@code silence}; a job that is advised to pause need not, nor one
   * that never reports and whose process is watched.
   */
  boolean isSilentFor(Duration silence, Instant at) {
    return pauses.since().isEmpty()
        && !(watched && steps().isEmpty())
        && !at.isBefore(awaitedSince.plus(silence));
  }

  /**
   * Sets the conditions under which the job runs from now on.
   *
   * @param allowed the limits that all of its GPUs may have
   * @param full whether all of them have the highest of those
   * @param pause whether the job is advised to pause
   * @param limit the limit that all of them have; empty when they differ
   */
  void setConditions(
      Optional<PowerRange> allowed,
      boolean full,
      boolean pause,
      Optional<Watts> limit,
      Instant at) {
    sampler.setLimit(limit, at);
    reportless.ifPresent(counted -> counted.sampler().setLimit(limit, at));
    if (!allowed.map(PowerRange::max).equals(highest)) {
      stepCounter.remeasure();
      reportless.ifPresent(counted -> counted.counter().remeasure());
      fullSince = Optional.empty();
    }
    highest = allowed.map(PowerRange::max);
    fullSince = full ? fullSince.or(() -> Optional.of(at)) : Optional.empty();
    awaitedSince = pauses.since().isPresent() && !pause ? at : awaitedSince;
    pauses = pauses.advised(pause, at);
  }

  /** How far it has come; empty until its speed at full power is known. */
  Optional<JobProgress> progress() {
    return reportless
        .map(ReportlessWork::counter)
        .orElse(stepCounter)
        .progress(spec.totalSteps(), spec.deadline(), ignoresPauses() ? Optional.empty() : pause())
        .map(this::withoutPauses);
  }

  /** Work that is extrapolated from the last count must not include the time of pauses. */
  private JobProgress withoutPauses(JobProgress counted) {
    return new JobProgress(
        counted.since().plus(pauses.lasted()),
        counted.asOf().plus(pauses.lasted()),
        counted.done(),
        counted.remaining(),
        counted.deadline(),
        counted.pause());
  }

  private Optional<JobProgress.PauseState> pause() {
    return spec.idle()
        .map(idle ->
            new JobProgress.PauseState(idle, pauses.since().isPresent(), pauses.changedAt()));
  }

  /** How long it goes on, in seconds, by its own total of steps; infinite without one. */
  double secondsLeft() {
    Optional<Double> speed = speed();
    long done = steps().orElse(0L);
    return spec.totalSteps().isPresent() && speed.isPresent() && done < spec.totalSteps().get()
        ? (spec.totalSteps().get() - done) / speed.get()
        : Double.POSITIVE_INFINITY;
  }

  /** The job as others see it, with what was decided for it. */
  JobView view(PowerPolicy policy, Optional<Slack> slack, JobDecision decision) {
    return new JobView(
        id,
        spec,
        policy,
        startedAt,
        reports(),
        // Of a job whose GPUs count, steps are not known: what they count is cycles.
        new JobWork(stepCounter.recentSpeed(), stepCounter.fullSpeed(), progress(), slack),
        decision,
        profiler().map(of -> of.view(spec.gpus().size(), source(), energy)));
  }

  private WorkSource source() {
    return reportless.map(ReportlessWork::label).orElse(source);
  }
}
