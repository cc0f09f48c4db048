/**
 * One GPU as the engine sees it: its traits, its readings, the power limit that Chase sets, and the
 * settings that only a user changes. The real driver and the simulated GPUs implement these types
 * and keep the same contract.
 */
@NullMarked
package chase.zeus.gpu;

import org.jspecify.annotations.NullMarked;
