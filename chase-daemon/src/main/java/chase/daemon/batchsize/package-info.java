/**
 * Batch sizes of recurring jobs: their studies kept in a database that several hosts may share, and
 * Zeus's batch-size API on a TCP port. What to try next is the study's business.
 */
@NullMarked
package chase.daemon.batchsize;

import org.jspecify.annotations.NullMarked;
