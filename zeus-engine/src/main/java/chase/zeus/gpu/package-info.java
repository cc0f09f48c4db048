/**
 * One GPU as the engine sees it: what it is, what it reads, the one knob that Chase turns, and
 * those that only a user does. The real driver and the simulated cards stand behind these types and
 * keep the same contract.
 */
@NullMarked
package chase.zeus.gpu;

import org.jspecify.annotations.NullMarked;
