/**
 * Batch sizes of recurring jobs: their studies, kept in a database that several hosts may share.
 * What to try next is decided by the study.
 */
@NullMarked
package chase.daemon.batchsize;

import org.jspecify.annotations.NullMarked;
