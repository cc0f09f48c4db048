package chase.daemon.zeusd;

import chase.daemon.host.CpuEnergy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the API needs from the rest of the daemon.
 *
 * @param gpus the GPUs
 * @param cpus the energy of the CPU packages, none where it cannot be read; blocks, and is asked by
 *     one thread
 * @param whyNoCpus why it cannot, in a line, once that was tried
 * @param clock the daemon's clock
 * @param lease how long a lease lasts after the last request of its holder
 */
public record ZeusdNeeds(
    ZeusdGpus gpus,
    Supplier<List<CpuEnergy>> cpus,
    Supplier<Optional<String>> whyNoCpus,
    InstantSource clock,
    Duration lease) {}
