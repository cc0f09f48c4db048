/** Counts what the GPUs emitted, from their energy and the grid's signal, and invents nothing. */
@NullMarked
package chase.daemon.ledger;

import org.jspecify.annotations.NullMarked;
