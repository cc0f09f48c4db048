/**
 * One GPU as the engine sees it: what it is, what it reads, and the one knob that Chase turns. The
 * real driver and the simulated cards stand behind these types and keep the same contract.
 */
@NullMarked
package chase.zeus.gpu;

import org.jspecify.annotations.NullMarked;
