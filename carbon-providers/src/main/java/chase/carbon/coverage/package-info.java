/**
 * Which provider serves which part of the grid, and what it wants for that, as known without a
 * call. Reads one list that comes with Chase; nothing here is asked of the network.
 */
@NullMarked
package chase.carbon.coverage;

import org.jspecify.annotations.NullMarked;
