/**
 * Replays recurring jobs from Zeus's published traces: the time and power of an epoch at each batch
 * size and power limit, and the epochs that runs needed.
 */
@NullMarked
package chase.zeus.batchsize.trace;

import org.jspecify.annotations.NullMarked;
