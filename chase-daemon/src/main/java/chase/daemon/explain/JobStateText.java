package chase.daemon.explain;

import chase.zeus.engine.JobView;

/** What a job does, in a few words for tables. */
public final class JobStateText {
  /** Of a job of which only its processes are known. */
  public static final String ANONYMOUS = "anonymous";

  /** What follows of a job that registered before the daemon was last started. */
  public static final String KEPT = ", kept over a restart";

  private JobStateText() {}

  /** Such as {@code runs}, {@code asked to pause} or {@code measured at 580 W (2/6)}. */
  public static String of(JobView job) {
    if (job.paused()) {
      return "asked to pause";
    }
    return job.ignoresPauses()
        ? "runs, ignores pauses"
        : job.profile().flatMap(ProfilingText::brief).orElse("runs");
  }
}
