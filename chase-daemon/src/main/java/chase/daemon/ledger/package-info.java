/**
 * The ledger: what each GPU used, emitted and cost, hour by hour, who is charged for it, the
 * sources of each figure, and what the same work would have used otherwise. Counts and compares
 * without I/O; the database has a thread of its own, and its failure stops nothing. What is unknown
 * is absent.
 */
@NullMarked
package chase.daemon.ledger;

import org.jspecify.annotations.NullMarked;
