package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The jobs that run, in the order in which they began. Used by the engine's thread only. */
final class Jobs {
  private final Duration silence;
  private final Optional<ProfilingRules> profiling;
  private final Map<JobId, Job> running = new LinkedHashMap<>();

  Jobs(Rules rules) {
    this.silence = rules.silence();
    this.profiling = rules.profiling();
  }

  Collection<Job> all() {
    return running.values();
  }

  Optional<Job> find(JobId id) {
    return Optional.ofNullable(running.get(id));
  }

  /** The job that uses that GPU. */
  Optional<Job> on(GpuId gpu) {
    return running.values().stream().filter(job -> job.spec().gpus().contains(gpu)).findFirst();
  }

  void start(Event.JobStarted started) {
    running.put(started.job(), new Job(started, profiling, WorkSource.REPORTED));
  }

  void end(JobId id) {
    running.remove(id);
  }

  /** Ends the jobs that said nothing for too long. */
  void dropSilent(Instant at) {
    running.values().removeIf(job -> job.silentFor(silence, at));
  }

  /** A line such as {@code a, b}, for messages. */
  String names() {
    return running.isEmpty()
        ? "there are none"
        : "there are: " + String.join(", ", running.keySet().stream().map(JobId::value).toList());
  }
}
