/**
 * Plays a recorded signal back at any speed, so that a month passes in ten minutes and no account
 * is needed. All its values are marked as replayed.
 */
@NullMarked
package chase.carbon.trace;

import org.jspecify.annotations.NullMarked;
