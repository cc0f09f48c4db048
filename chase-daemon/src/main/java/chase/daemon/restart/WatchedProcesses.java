package chase.daemon.restart;

import chase.zeus.engine.JobId;
import chase.zeus.gpu.GpuId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The processes with which jobs and leases end. Any thread may read and change the maps. */
public final class WatchedProcesses {
  private final Map<JobId, ProcessHandle> named = new ConcurrentHashMap<>();
  private final Map<JobId, Reporter> reporters = new ConcurrentHashMap<>();
  private final Map<GpuId, ProcessHandle> holders = new ConcurrentHashMap<>();

  /** None so far. */
  public WatchedProcesses() {}

  /**
   * The process that last reported for a job.
   *
   * @param process the process
   * @param again whether it had reported before
   */
  public record Reporter(ProcessHandle process, boolean again) {}

  /** The processes that jobs named as their own. */
  public Map<JobId, ProcessHandle> named() {
    return named;
  }

  /** The processes that report for jobs. */
  public Map<JobId, Reporter> reporters() {
    return reporters;
  }

  /** The holders of leases. */
  public Map<GpuId, ProcessHandle> holders() {
    return holders;
  }
}
