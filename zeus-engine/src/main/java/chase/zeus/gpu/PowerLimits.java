package chase.zeus.gpu;

import chase.zeus.unit.Watts;

/**
 * A card's limits at one moment.
 *
 * @param requested what the host last asked for
 * @param enforced what is in force: the smallest of all limiters, out-of-band ones included
 */
public record PowerLimits(Watts requested, Watts enforced) {}
