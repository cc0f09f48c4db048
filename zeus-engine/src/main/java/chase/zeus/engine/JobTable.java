package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The jobs that run, in the order in which they began, and those that ended last. Used by the
 * engine's thread only.
 */
final class JobTable {
  /** As many as may still be asked for by somebody who does not know that they ended. */
  private static final int MOST_ENDED = 1000;

  private final Duration silence;
  private final Optional<ProfilingRules> profiling;
  private final Map<JobId, JobState> running = new LinkedHashMap<>();
  private final Map<GpuId, JobState> byGpu = new HashMap<>();
  private List<JobView.EndedJob> ended = List.of();

  JobTable(SafetyRules rules) {
    this.silence = rules.silence();
    this.profiling = rules.profiling();
  }

  Collection<JobState> all() {
    return running.values();
  }

  Optional<JobState> find(JobId id) {
    return Optional.ofNullable(running.get(id));
  }

  /** The job that uses that GPU. */
  Optional<JobState> on(GpuId gpu) {
    return Optional.ofNullable(byGpu.get(gpu));
  }

  void start(Event.JobStarted started) {
    JobState job = new JobState(started, profiling, ProfileView.WorkSource.REPORTED);
    started
        .replaces()
        .flatMap(this::find)
        .ifPresent(left -> {
          job.inherit(left);
          end(left, JobView.EndedJob.EndCause.REPLACED, started.at());
        });
    running.put(job.id(), job);
    job.spec().gpus().forEach(gpu -> byGpu.put(gpu, job));
  }

  void end(JobId id, JobView.EndedJob.EndCause how, Instant at) {
    find(id).ifPresent(job -> end(job, how, at));
  }

  /** Ends the jobs that said nothing for too long. */
  void dropSilent(Instant at) {
    running.values().stream()
        .filter(job -> job.silentFor(silence, at))
        .toList()
        .forEach(job -> end(job, JobView.EndedJob.EndCause.SILENT, at));
  }

  private void end(JobState job, JobView.EndedJob.EndCause how, Instant at) {
    running.remove(job.id());
    job.spec().gpus().forEach(byGpu::remove);
    List<JobView.EndedJob> kept = ended.subList(0, Math.min(ended.size(), MOST_ENDED - 1));
    ended =
        Stream.concat(
                Stream.of(new JobView.EndedJob(job.id(), job.spec().name(), at, how)),
                kept.stream())
            .toList();
  }

  /** The jobs that ended, the last one first; a thousand are remembered. */
  List<JobView.EndedJob> ended() {
    return ended;
  }

  /** A line such as {@code a, b}, for messages. */
  String names() {
    return running.isEmpty()
        ? "there are none"
        : "there are: " + String.join(", ", running.keySet().stream().map(JobId::value).toList());
  }
}
