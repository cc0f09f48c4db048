/**
 * Replays recurring jobs from Zeus's published traces: what an epoch took and drew at each batch
 * size and power limit, and how many epochs runs needed.
 */
@NullMarked
package chase.zeus.batchsize.trace;

import org.jspecify.annotations.NullMarked;
