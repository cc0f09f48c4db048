/**
 * The ledger: what each GPU used, emitted and cost, hour by hour, whom that is put down to, on what
 * basis, and what the same work would have cost otherwise. Counts and compares purely; the database
 * has a thread of its own, and its trouble stops nothing. Invents nothing: what is unknown is
 * absent.
 */
@NullMarked
package chase.daemon.ledger;

import org.jspecify.annotations.NullMarked;
