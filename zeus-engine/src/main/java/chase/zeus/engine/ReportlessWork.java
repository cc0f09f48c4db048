package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter.EnergyUsed;
import chase.zeus.engine.ProfileView.WorkSource;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading.Activity;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.throughput.StepCounter;
import chase.zeus.throughput.WorkSampler;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The work of a registered job that reports none, counted by its GPUs in thousands of SM cycles. Of
 * several GPUs that one counts which has done least, so that a GPU that the job does not use leaves
 * it at full power. It has a count, samples and a profile of its own, which end with the job's
 * first report: cycles are never compared with steps. Used by the engine's thread only.
 */
final class ReportlessWork {
  /** A longer gap between two readings says nothing about the work between them. */
  private static final Duration LONGEST_GAP = Duration.ofMinutes(1);

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
    Optional<Sampled> sample = sampler.count(least, at, used);
    if (sample.isPresent() && profiler.observe(sample.get())) {
      counter.remeasure();
    }
  }
}
