/**
 * Measures the energy of one GPU from its readings: by its own energy counter, as long as that can
 * be believed, and else by its power draw.
 */
@NullMarked
package chase.zeus.energy;

import org.jspecify.annotations.NullMarked;
