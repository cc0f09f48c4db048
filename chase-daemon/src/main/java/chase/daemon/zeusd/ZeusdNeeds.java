package chase.daemon.zeusd;

import java.time.Duration;
import java.time.InstantSource;

/**
 * What the API needs from the rest of the daemon.
 *
 * @param gpus the GPUs
 * @param cpus the CPU packages whose energy can be read
 * @param clock the daemon's clock
 * @param lease how long a lease lasts after the last request of its holder
 */
public record ZeusdNeeds(ZeusdGpus gpus, CpuPackages cpus, InstantSource clock, Duration lease) {}
