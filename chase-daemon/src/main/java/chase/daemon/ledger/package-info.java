/**
 * Counts what the GPUs emitted, from their energy and the grid's signal, and says whom that is put
 * down to. Invents nothing.
 */
@NullMarked
package chase.daemon.ledger;

import org.jspecify.annotations.NullMarked;
