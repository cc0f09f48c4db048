package chase.zeus.engine;

import chase.zeus.engine.ProfileView.WorkSource;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.Activity;
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
}
