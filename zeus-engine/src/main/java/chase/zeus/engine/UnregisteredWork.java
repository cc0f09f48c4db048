package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What runs on cards of which no job was told and no profile is known: their work is counted by the
 * cards themselves. Whoever works after a long idleness is somebody else, of whom nothing is known.
 * Used by the engine's thread only.
 */
final class UnregisteredWork {
  /** A longer silence between two readings says nothing about the work between them. */
  private static final Duration LONGEST_GAP = Duration.ofMinutes(1);

  private final Optional<ProfilingRules> profiling;
  private final Duration silence;
  private final Map<GpuId, CountedWork> counted = new HashMap<>();

  /** What works on a card, and how much it has done: in thousands of SM cycles. */
  private static final class CountedWork {
    private final JobState job;
    private final GpuReading.Activity.Source source;
    private double work;
    private Instant readAt;

    CountedWork(JobState job, GpuReading.Activity.Source source, Instant at) {
      this.job = job;
      this.source = source;
      this.readAt = at;
    }
  }

  UnregisteredWork(SafetyRules rules) {
    this.profiling =
        rules.mode() == SafetyRules.Mode.CONTROL ? rules.profiling() : Optional.empty();
    this.silence = rules.silence();
  }

  Collection<JobState> all() {
    return counted.values().stream().map(there -> there.job).toList();
  }

  Optional<JobState> on(GpuId gpu) {
    return Optional.ofNullable(counted.get(gpu)).map(there -> there.job);
  }

  /** A job was told of, or a profile: what runs there needs no guess any more. */
  void remove(GpuId gpu) {
    counted.remove(gpu);
  }

  void dropSilent(Instant at) {
    counted.values().removeIf(there -> there.job.silentFor(silence, at));
  }

  /** Takes in how a card works. */
  void onReading(GpuState card, GpuReading reading, Instant at) {
    if (profiling.isEmpty() || reading.activity().isEmpty()) {
      return;
    }
    GpuReading.Activity activity = reading.activity().get();
    CountedWork there = counted.get(card.id());
    boolean works = activity.cyclesPerSecond() > 0;
    if (works && (there == null || there.source != activity.source())) {
      counted.put(card.id(), begin(card, activity.source(), at));
    } else if (there != null) {
      count(there, activity, card, at);
    }
  }

  private void count(CountedWork there, GpuReading.Activity activity, GpuState card, Instant at) {
    Duration gap = Duration.between(there.readAt, at);
    if (gap.isPositive() && gap.compareTo(LONGEST_GAP) <= 0) {
      there.work += activity.cyclesPerSecond() / 1e3 * (gap.toNanos() / 1e9);
    }
    there.readAt = at;
    Event.StepsReported done = new Event.StepsReported(there.job.id(), Math.round(there.work), at);
    if (done.steps() > there.job.steps().orElse(-1)) {
      there.job.onReport(done, card.energyUsed(at));
    }
  }

  private CountedWork begin(GpuState card, GpuReading.Activity.Source source, Instant at) {
    JobId id = new JobId("unregistered-" + card.traits().index());
    JobSpec spec =
        new JobSpec(
            "unregistered",
            List.of(card.id()),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalDouble.empty());
    JobState job =
        new JobState(
            new Event.JobStarted(id, spec, at), profiling, ProfileView.WorkSource.of(source));
    return new CountedWork(job, source, at);
  }
}
