package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter.EnergyUsed;
import chase.zeus.engine.ProfileView.WorkSource;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.Activity;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.throughput.StepCounter;
import chase.zeus.throughput.WorkSampler;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runs on GPUs without a registered job and without a known profile: the GPU's own counters
 * measure its work. Work after a long idle time is a new, unknown job. Used by the engine's thread
 * only.
 */
final class UnregisteredWork {
  /** A longer gap between two readings says nothing about the work between them. */
  private static final Duration LONGEST_GAP = Duration.ofMinutes(1);

  private SafetyRules rules;
  private final Map<GpuId, CountedWork> byGpu = new HashMap<>();

  /** What runs on a GPU, and the work that it has done: in thousands of SM cycles. */
  private static final class CountedWork {
    private final JobState job;
    private final Activity.Source source;
    private double work;
    private Instant readAt;

    CountedWork(JobState job, Activity.Source source, Instant at) {
      this.job = job;
      this.source = source;
      this.readAt = at;
    }
  }

  UnregisteredWork(SafetyRules rules) {
    this.rules = rules;
  }

  /** From now on these rules count; jobs that run are measured as they were. */
  void apply(SafetyRules changed) {
    rules = changed;
  }

  Collection<JobState> all() {
    return byGpu.values().stream().map(counted -> counted.job).toList();
  }

  Optional<JobState> on(GpuId gpu) {
    return Optional.ofNullable(byGpu.get(gpu)).map(counted -> counted.job);
  }

  /** A job registered there, or the GPU has a profile: its work need not be estimated any more. */
  void remove(GpuId gpu) {
    byGpu.remove(gpu);
  }

  void dropSilent(Instant at) {
    byGpu.values().removeIf(counted -> counted.job.isSilentFor(rules.silence(), at));
  }

  /** Counts the work that a reading shows. */
  void onReading(GpuState gpu, GpuReading reading, Instant at) {
    boolean measures = rules.mode() == SafetyRules.Mode.CONTROL && rules.profiling().isPresent();
    if (!measures || reading.activity().isEmpty()) {
      return;
    }
    Activity activity = reading.activity().get();
    CountedWork counted = byGpu.get(gpu.id());
    boolean works = activity.cyclesPerSecond() > 0;
    if (works && (counted == null || counted.source != activity.source())) {
      byGpu.put(gpu.id(), begin(gpu, activity.source(), at));
    } else if (counted != null) {
      count(counted, activity, gpu, at);
    }
  }

  private void count(CountedWork counted, Activity activity, GpuState gpu, Instant at) {
    Duration gap = Duration.between(counted.readAt, at);
    if (gap.isPositive() && gap.compareTo(LONGEST_GAP) <= 0) {
      counted.work += activity.cyclesPerSecond() / 1e3 * (gap.toNanos() / 1e9);
    }
    counted.readAt = at;
    var report = new Event.StepsReported(counted.job.id(), Math.round(counted.work), at);
    if (report.steps() > counted.job.steps().orElse(-1L)) {
      counted.job.onReport(report, gpu.energyUsed(at));
    }
  }

  private CountedWork begin(GpuState gpu, Activity.Source source, Instant at) {
    JobId id = new JobId("unregistered-" + gpu.traits().index());
    JobSpec spec =
        new JobSpec(
            "unregistered",
            List.of(gpu.id()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    JobState job = new JobState(new Event.JobStarted(id, spec, at), rules, WorkSource.of(source));
    return new CountedWork(job, source, at);
  }

  /**
   * The work of a registered job that reports none, counted by its GPUs in thousands of SM cycles.
   * Of several GPUs that one counts which has done least, so that a GPU that the job does not use
   * leaves it at full power. It has a count, samples and a profile of its own, which end with the
   * job's first report: cycles are never compared with steps. Used by the engine's thread only.
   */
  static final class ReportlessWork {
    private final Activity.Source source;
    private final List<GpuId> gpus;
    private final StepCounter counter;
    private final WorkSampler sampler = new WorkSampler();
    private final JobProfiler profiler;
    private final Map<GpuId, Double> work = new HashMap<>();
    private final Map<GpuId, Instant> readAt = new HashMap<>();

    /** The GPUs that were read since the last count. */
    private final Map<GpuId, Instant> round = new HashMap<>();

    private long counted = -1;

    ReportlessWork(Activity.Source source, List<GpuId> gpus, ProfilingRules rules, double speed) {
      this.source = source;
      this.gpus = gpus;
      this.counter = new StepCounter(speed);
      this.profiler = new JobProfiler(rules);
    }

    Activity.Source source() {
      return source;
    }

    WorkSource label() {
      return WorkSource.of(source);
    }

    StepCounter counter() {
      return counter;
    }

    WorkSampler sampler() {
      return sampler;
    }

    JobProfiler profiler() {
      return profiler;
    }

    /**
     * Counts what a reading of one of its GPUs shows, once all of them were read.
     *
     * @param used the energy that its GPUs had used by then, where that is known
     * @param fullSince since when the job has had full power; empty while it does not
     */
    void onReading(
        GpuId gpu,
        Activity activity,
        Instant at,
        Optional<EnergyUsed> used,
        Optional<Instant> fullSince) {
      Duration gap = Duration.between(readAt.getOrDefault(gpu, at), at);
      boolean known = gap.isPositive() && gap.compareTo(LONGEST_GAP) <= 0;
      double more = known ? activity.cyclesPerSecond() / 1e3 * (gap.toNanos() / 1e9) : 0;
      work.merge(gpu, more, Double::sum);
      readAt.put(gpu, at);
      round.put(gpu, at);
      if (round.keySet().containsAll(gpus)) {
        round.clear();
        count(at, used, fullSince);
      }
    }

    private void count(Instant at, Optional<EnergyUsed> used, Optional<Instant> fullSince) {
      long least =
          Math.round(work.values().stream().mapToDouble(Double::doubleValue).min().orElse(0));
      if (least <= counted) {
        return;
      }
      counted = least;
      counter.count(least, at, fullSince, false);
      Optional<Sampled> sample = sampler.count((double) least, at, used);
      if (sample.isPresent() && profiler.observe(sample.get())) {
        counter.remeasure();
      }
    }
  }
}
