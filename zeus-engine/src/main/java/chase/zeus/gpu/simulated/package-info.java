/**
 * Simulated GPUs: each runs a simulated training job and keeps the contract of {@link
 * chase.zeus.gpu.Gpu}, never kinder than a real one. Time comes only from the given clock, and
 * nothing changes between two calls.
 */
@NullMarked
package chase.zeus.gpu.simulated;

import org.jspecify.annotations.NullMarked;
