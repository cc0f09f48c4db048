package chase.zeus.engine;

import chase.zeus.policy.JobProgress;
import chase.zeus.unit.Watts;

/**
 * What the host draws for each GPU that works: processor, memory and fans. A slower job keeps it
 * busy for longer, so it is part of the cost at every limit.
 *
 * @param perGpu the draw for one GPU
 * @param source how it is known
 */
public record HostPower(Watts perGpu, PowerSource source) {
  /** A host whose draw nobody knows or counts. */
  public static final HostPower NONE = new HostPower(Watts.ZERO, PowerSource.CONFIGURED);

  /** How a host's draw is known. */
  public enum PowerSource {
    /** An operator said so. */
    CONFIGURED,
    /** Counters of the host tell. */
    MEASURED
  }

  /** The same pauses with the host's draw; a job that releases its GPU (0 W) needs no host. */
  JobProgress.PauseState addTo(JobProgress.PauseState rest) {
    return rest.idle().equals(Watts.ZERO)
        ? rest
        : new JobProgress.PauseState(rest.idle().plus(perGpu), rest.paused(), rest.since());
  }
}
