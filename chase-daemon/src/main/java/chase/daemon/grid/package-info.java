/** Polls the grid's signal and turns it into what energy weighs. */
@NullMarked
package chase.daemon.grid;

import org.jspecify.annotations.NullMarked;
