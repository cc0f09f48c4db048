package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter;
import chase.zeus.energy.GpuEnergy.EnergyBasis;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the engine knows of one job. Used by the engine's thread only. */
final class JobState {
  /** A job may take this long to come to rest after it was told to. */
  private static final Duration COMING_TO_REST = Duration.ofMinutes(1);

  /** One late report may still tell of steps from before; the second one cannot. */
  private static final int STEPS_DESPITE_PAUSE = 2;

  private final JobId id;
  private final JobSpec spec;
  private final Instant startedAt;
  private final StepCounter stepCounter = new StepCounter();
  private final WorkSampler sampler = new WorkSampler();
  private final PolicyCache policyCache = new PolicyCache();
  private final Optional<JobProfiler> profiler;
  private final ProfileView.WorkSource source;
  private Optional<PowerPolicy> chosen = Optional.empty();
  private Instant lastReportAt;

  /** Since when its silence counts: the last report, or the end of a pause after it. */
  private Instant awaitedSince;

  private Optional<PowerRange> range = Optional.empty();
  private Optional<Instant> fullSince = Optional.empty();
  private Optional<Instant> pausedSince = Optional.empty();
  private Optional<Instant> restChangedAt = Optional.empty();
  private boolean restedSinceReport;

  /** How long it rested since its last new count, apart from the pause that goes on. */
  private Duration rested = Duration.ZERO;

  private Optional<Instant> restingFrom = Optional.empty();
  private int stepsDespitePause;
  private Optional<EnergyBasis> energy = Optional.empty();
  private Map<String, JobView.JobMetric> metrics = Map.of();

  JobState(
      Event.JobStarted started, Optional<ProfilingRules> profiling, ProfileView.WorkSource source) {
    this.source = source;
    this.profiler = profiling.map(JobProfiler::new);
    this.id = started.job();
    this.spec = started.spec();
    this.startedAt = started.at();
    this.lastReportAt = started.at();
    this.awaitedSince = started.at();
  }

  JobId id() {
    return id;
  }

  JobSpec spec() {
    return spec;
  }

  Instant startedAt() {
    return startedAt;
  }

  Instant lastReportAt() {
    return lastReportAt;
  }

  OptionalLong steps() {
    return stepCounter.steps();
  }

  OptionalDouble recentSpeed() {
    return stepCounter.recentSpeed();
  }

  OptionalDouble fullSpeed() {
    return stepCounter.fullSpeed();
  }

  /** Whether the job went on in spite of being told to pause, and so is planned as running. */
  boolean ignoresPauses() {
    return stepsDespitePause >= STEPS_DESPITE_PAUSE;
  }

  /** Its own policy: an operator's choice, else what it brought along. */
  Optional<PowerPolicy> policy() {
    return chosen.or(spec::policy);
  }

  void choose(Optional<PowerPolicy> policy) {
    chosen = policy;
  }

  PolicyCache policyCache() {
    return policyCache;
  }

  /** What is learned of it; empty where jobs are not measured. */
  Optional<JobProfiler> profiler() {
    return profiler;
  }

  /** How long its reports lie apart, as far as energy is known for them. */
  Optional<Duration> usualSampleLength() {
    return sampler.usualLength();
  }

  /** The last value of each metric that it reported, by name; immutable. */
  Map<String, JobView.JobMetric> metrics() {
    return metrics;
  }

  /** The same after one more report. */
  Map<String, JobView.JobMetric> metricsWith(Event.StepsReported done) {
    if (done.metrics().isEmpty()) {
      return metrics;
    }
    Map<String, JobView.JobMetric> next = new TreeMap<>(metrics);
    done.metrics()
        .forEach(
            (name, value) -> next.put(name, new JobView.JobMetric(value, done.steps(), done.at())));
    return Collections.unmodifiableMap(next);
  }

  /**
   * Takes in a count that is not below the last one.
   *
   * @param spent the energy that its GPUs had taken by then, where that is known
   */
  void onReport(Event.StepsReported done, Optional<EnergyMeter.EnergyUsed> spent) {
    boolean grown = done.steps() > steps().orElse(done.steps());
    boolean late =
        pausedSince.filter(since -> since.plus(COMING_TO_REST).isBefore(done.at())).isPresent();
    stepsDespitePause += grown && late ? 1 : 0;
    OptionalDouble usual = speed();
    stepCounter.count(done.steps(), done.at(), fullSince, restedSinceReport);
    if (grown) {
      restedSinceReport = false;
      rested = Duration.ZERO;
      restingFrom = restingFrom.map(from -> done.at());
    }
    lastReportAt = done.at();
    awaitedSince = done.at();
    metrics = metricsWith(done);
    sample(done, spent, usual);
  }

  /** Goes on with what is left of the budget of the same job, whose process was killed. */
  void inherit(JobState left) {
    left.progress().ifPresent(stepCounter::inherit);
  }

  private OptionalDouble speed() {
    return fullSpeed().isPresent() ? fullSpeed() : recentSpeed();
  }

  private void sample(
      Event.StepsReported done, Optional<EnergyMeter.EnergyUsed> spent, OptionalDouble usual) {
    energy = spent.map(EnergyMeter.EnergyUsed::basis).or(() -> energy);
    if (restedSinceReport) {
      sampler.interrupt();
    }
    Optional<Sampled> lived = sampler.count((double) done.steps(), done.at(), spent);
    if (lived.isPresent()
        && profiler.filter(of -> of.observe(plausible(lived.get(), usual))).isPresent()) {
      stepCounter.remeasure();
    }
  }

  /** Steps from nowhere are no work. */
  private static Sampled plausible(Sampled lived, OptionalDouble usual) {
    double most =
        usual.isPresent()
            ? StepCounter.UNLIKE_STEPS * usual.getAsDouble() * lived.over().toNanos() / 1e9
            : lived.steps();
    return lived.steps() <= most
        ? lived
        : new Sampled(lived.at(), lived.over(), most, lived.energy(), Optional.empty());
  }

  /** Whether it said nothing for {@code silence}; while it is told to pause it need not. */
  boolean silentFor(Duration silence, Instant at) {
    return pausedSince.isEmpty() && !at.isBefore(awaitedSince.plus(silence));
  }

  /**
   * Takes in how the job's GPUs are run from now on.
   *
   * @param allowed the limits that all of them may have
   * @param full whether all of them have the highest of those
   * @param pause whether the job is told to pause
   * @param limit the limit that all of them have; empty when they differ
   */
  void setConditions(
      Optional<PowerRange> allowed,
      boolean full,
      boolean pause,
      Optional<Watts> limit,
      Instant at) {
    sampler.runUnder(limit, at);
    if (!allowed.map(PowerRange::max).equals(range.map(PowerRange::max))) {
      stepCounter.remeasure();
      fullSince = Optional.empty();
    }
    range = allowed;
    fullSince = full ? fullSince.or(() -> Optional.of(at)) : Optional.empty();
    if (pause != pausedSince.isPresent()) {
      pausedSince = pause ? Optional.of(at) : Optional.empty();
      restChangedAt = Optional.of(at);
      awaitedSince = pause ? awaitedSince : at;
      rested =
          rested.plus(restingFrom.map(from -> Duration.between(from, at)).orElse(Duration.ZERO));
      restingFrom = pausedSince;
    }
    restedSinceReport |= pause;
  }

  /** How far it has come; empty until its speed at full power is known. */
  Optional<JobProgress> progress() {
    return stepCounter
        .progress(spec, ignoresPauses() ? Optional.empty() : rest())
        .map(this::restedToo);
  }

  /** Whoever expects work from the last count on must not expect any of the time of rest. */
  private JobProgress restedToo(JobProgress counted) {
    return new JobProgress(
        counted.since().plus(rested),
        counted.asOf().plus(rested),
        counted.done(),
        counted.remaining(),
        counted.deadline(),
        counted.pause());
  }

  private Optional<JobProgress.PauseState> rest() {
    return spec.idle()
        .map(idle -> new JobProgress.PauseState(idle, pausedSince.isPresent(), restChangedAt));
  }

  Optional<ProfileView> profile() {
    return profiler.map(of -> of.view(spec.gpus().size(), source, energy));
  }

  /** How long it goes on, as far as it told; infinite otherwise. */
  double secondsLeft() {
    OptionalDouble speed = speed();
    long done = steps().orElse(0);
    return spec.totalSteps().isPresent()
            && speed.isPresent()
            && done < spec.totalSteps().getAsLong()
        ? (spec.totalSteps().getAsLong() - done) / speed.getAsDouble()
        : Double.POSITIVE_INFINITY;
  }
}
