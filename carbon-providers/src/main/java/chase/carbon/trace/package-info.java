/**
 * Plays a recorded signal back at any speed, so that a month passes in ten minutes and nobody needs
 * an account. Everything it says is marked as replayed.
 */
@NullMarked
package chase.carbon.trace;

import org.jspecify.annotations.NullMarked;
