/**
 * What the grid emits, in gCO2/kWh and time, with the provenance of every value. Knows no GPU, no
 * event loop and no configuration file.
 */
@NullMarked
package chase.carbon;

import org.jspecify.annotations.NullMarked;
