/**
 * GPUs that are arithmetic: each runs a simulated training job and keeps the contract of {@link
 * chase.zeus.gpu.Gpu}, never kinder than a card. Time comes only from the clock handed in, and
 * nothing moves between two calls.
 */
@NullMarked
package chase.zeus.gpu.simulated;

import org.jspecify.annotations.NullMarked;
