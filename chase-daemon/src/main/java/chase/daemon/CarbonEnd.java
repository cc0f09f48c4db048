package chase.daemon;

import chase.carbon.CarbonSource;

/**
 * A source and what must be let go when nobody asks it any more.
 *
 * @param source who knows the grid
 * @param letGo ends its connections
 */
record CarbonEnd(CarbonSource source, Runnable letGo) {}
