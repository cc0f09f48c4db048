package chase.daemon.host;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * The measured energy of one CPU package since it was first read.
 *
 * @param index the package's number, as the kernel counts sockets
 * @param cpu cores, caches and the rest of the chip
 * @param dram the memory on its channels, which is not part of {@code cpu}; empty where it is not
 *     measured
 */
public record CpuEnergy(int index, Joules cpu, Optional<Joules> dram) {
  /** No package, and no memory beside it, draws more. */
  public static final Watts MAX_POWER = new Watts(2_000);
}
