package chase.zeus.gpu;

import chase.zeus.unit.Watts;

/**
 * A GPU's limits at one moment.
 *
 * @param requested what the host last requested
 * @param enforced what is in force: the smallest of all limiters, out-of-band ones included
 */
public record PowerLimits(Watts requested, Watts enforced) {}
