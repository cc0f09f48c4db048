package chase.zeus.engine;

import chase.zeus.policy.JobProgress.PauseState;
import chase.zeus.unit.Watts;

/**
 * What the host draws for each working GPU: processor, memory and fans. A slower job keeps it busy
 * for longer, so it is part of the cost at every limit.
 *
 * @param perGpu the draw for one GPU
 * @param source how it is known
 */
public record HostPower(Watts perGpu, PowerSource source) {
  /** A host whose draw is not known, or does not count. */
  public static final HostPower NONE = new HostPower(Watts.ZERO, PowerSource.CONFIGURED);

  /** How a host's draw is known. */
  public enum PowerSource {
    /** From the configuration. */
    CONFIGURED,
    /** From the host's energy counters. */
    MEASURED
  }

  /** The same pauses with the host's draw; a job that releases its GPU (0 W) needs no host. */
  PauseState addTo(PauseState pause) {
    return pause.idle().equals(Watts.ZERO)
        ? pause
        : new PauseState(pause.idle().plus(perGpu), pause.paused(), pause.since());
  }
}
