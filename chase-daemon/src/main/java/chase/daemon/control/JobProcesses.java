package chase.daemon.control;

import chase.daemon.host.ProcessTable;
import chase.daemon.restart.WatchedProcesses;
import chase.daemon.restart.WatchedProcesses.Reporter;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The processes of registered jobs. A job ends with the process that it named, and with the one
 * that reports for it: a process that reported twice in a row, so that a shell whose commands come
 * and go ends nothing. Any thread may call; {@link #findEnded} and {@link #findAbandoned} read the
 * process table.
 */
final class JobProcesses {
  /** How often the processes are checked. */
  static final Duration POLL_PERIOD = Duration.ofSeconds(1);

  /**
   * A process that cannot be seen counts as ended after this: the Python client reports every 5 s.
   */
  private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(15);

  private final ProcessTable table;
  private final InstantSource clock;
  private final Map<JobId, ProcessHandle> named;
  private final Map<JobId, Reporter> reporters;

  /**
   * The processes of jobs.
   *
   * @param watched where they are noted, and those from before a restart known
   */
  JobProcesses(WatchedProcesses watched, ProcessTable table, InstantSource clock) {
    this.named = watched.named();
    this.reporters = watched.reporters();
    this.table = table;
    this.clock = clock;
  }

  /** The job named this process as its own. */
  void register(JobId job, ProcessHandle process) {
    named.put(job, process);
  }

  /** The job reported; {@code process} is empty where it cannot be seen. */
  void onReport(JobId job, Optional<ProcessHandle> process) {
    process.ifPresentOrElse(
        reporter ->
            reporters.compute(
                job,
                (id, last) ->
                    new Reporter(reporter, last != null && last.process().equals(reporter))),
        () -> reporters.remove(job));
  }

  /** The running jobs whose process has ended; those that run no longer are forgotten. */
  List<JobId> findEnded(Snapshot now) {
    named.keySet().removeIf(job -> now.job(job).isEmpty());
    reporters.keySet().removeIf(job -> now.job(job).isEmpty());
    return now.jobs().stream().map(JobView::id).filter(this::hasProcessEnded).toList();
  }

  private boolean hasProcessEnded(JobId job) {
    return Optional.ofNullable(named.get(job)).filter(this::hasEnded).isPresent()
        || Optional.ofNullable(reporters.get(job))
            .filter(Reporter::again)
            .map(Reporter::process)
            .filter(this::hasEnded)
            .isPresent();
  }

  private boolean hasEnded(ProcessHandle process) {
    return !table.runs(process);
  }

  /**
   * The job that an earlier run of {@code spec} left behind: of the same user, name and GPUs, and
   * the process that reported last has ended.
   */
  Optional<JobId> findAbandoned(Snapshot now, JobSpec spec) {
    return now.jobs().stream()
        .filter(job -> job.spec().isRunOfTheSame(spec) && isAbandoned(job))
        .map(JobView::id)
        .findFirst();
  }

  private boolean isAbandoned(JobView job) {
    Optional<ProcessHandle> reporter =
        Optional.ofNullable(reporters.get(job.id())).map(Reporter::process);
    Instant lastReport = job.lastReportAt();
    return hasProcessEnded(job.id())
        || reporter
            .map(this::hasEnded)
            .orElse(!clock.instant().isBefore(lastReport.plus(SILENCE_TIMEOUT)));
  }
}
