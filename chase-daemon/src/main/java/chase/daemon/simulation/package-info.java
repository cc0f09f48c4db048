/**
 * Compares policies on a recorded grid: many starts of one job, the optimum for comparison, and the
 * outcome as numbers or as a page. Reads the recording; writes nothing.
 */
@NullMarked
package chase.daemon.simulation;

import org.jspecify.annotations.NullMarked;
