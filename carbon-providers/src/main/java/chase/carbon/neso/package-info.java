/**
 * Great Britain's carbon intensity API, run by the system operator NESO: keyless, half hours, two
 * days ahead, for the nation and its 17 regions. The values are averages of burning fuel, not of
 * whole lives. Licence: CC BY 4.0.
 */
@NullMarked
package chase.carbon.neso;

import org.jspecify.annotations.NullMarked;
