package chase.zeus.engine;

import chase.zeus.policy.Progress;
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
  Progress.Rest addTo(Progress.Rest rest) {
    return rest.idle().equals(Watts.ZERO)
        ? rest
        : new Progress.Rest(rest.idle().plus(perGpu), rest.resting(), rest.since());
  }
}
