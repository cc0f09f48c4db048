/**
 * Counts the work of one job from its step reports: how far it has come, how fast it runs at full
 * power, and samples of work, energy and power limit for its profile.
 */
@NullMarked
package chase.zeus.throughput;

import org.jspecify.annotations.NullMarked;
