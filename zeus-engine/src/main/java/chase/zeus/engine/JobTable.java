package chase.zeus.engine;

import chase.zeus.engine.JobView.EndedJob;
import chase.zeus.engine.JobView.EndedJob.EndCause;
import chase.zeus.engine.KeptState.KeptJob;
import chase.zeus.engine.ProfileView.WorkSource;
import chase.zeus.gpu.GpuId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The running jobs, in the order in which they started, and the last that ended. Used by the
 * engine's thread only.
 */
final class JobTable {
  /** A client may still ask for a job without knowing that it has ended. */
  private static final int MOST_ENDED = 1000;

  private SafetyRules rules;
  private final Map<JobId, JobState> running = new LinkedHashMap<>();
  private final Map<GpuId, JobState> byGpu = new HashMap<>();
  private List<EndedJob> ended = List.of();

  JobTable(SafetyRules rules) {
    this.rules = rules;
  }

  /** From now on these rules count; jobs that run are measured as they were. */
  void apply(SafetyRules changed) {
    rules = changed;
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

  /** Adds a job, and ends the one that it replaces. */
  JobState start(Event.JobStarted started) {
    JobState job = new JobState(started, rules, WorkSource.REPORTED);
    started
        .replaces()
        .flatMap(this::find)
        .ifPresent(earlier -> {
          job.inherit(earlier);
          end(earlier, EndCause.REPLACED, started.at());
        });
    add(job);
    return job;
  }

  private void add(JobState job) {
    running.put(job.id(), job);
    job.spec().gpus().forEach(gpu -> byGpu.put(gpu, job));
  }

  /** Takes back the jobs that ran before a restart at {@code at}. */
  void restart(KeptState kept, Instant at) {
    kept.jobs().stream()
        .filter(job -> !running.containsKey(job.id()))
        .filter(job -> job.spec().gpus().stream().noneMatch(byGpu::containsKey))
        .forEach(job -> add(new JobState(job, rules, at)));
    ended = Stream.concat(ended.stream(), kept.ended().stream()).limit(MOST_ENDED).toList();
  }

  /** What outlives a restart. */
  List<KeptJob> kept() {
    return running.values().stream().map(JobState::kept).toList();
  }

  void end(JobId id, EndCause cause, Instant at) {
    find(id).ifPresent(job -> end(job, cause, at));
  }

  /** Ends the jobs that did not report for too long. */
  void dropSilent(Instant at) {
    running.values().stream()
        .filter(job -> job.isSilentFor(rules.silence(), at))
        .toList()
        .forEach(job -> end(job, EndCause.SILENT, at));
  }

  private void end(JobState job, EndCause cause, Instant at) {
    running.remove(job.id());
    job.spec().gpus().forEach(byGpu::remove);
    List<EndedJob> kept = ended.subList(0, Math.min(ended.size(), MOST_ENDED - 1));
    ended =
        Stream.concat(
                Stream.of(new EndedJob(job.id(), job.spec().name(), at, cause)), kept.stream())
            .toList();
  }

  /** The last thousand jobs that ended, the newest first. */
  List<EndedJob> ended() {
    return ended;
  }

  /** A line such as {@code there are: a, b}, for messages. */
  String names() {
    return running.isEmpty()
        ? "there are none"
        : "there are: " + String.join(", ", running.keySet().stream().map(JobId::value).toList());
  }
}
