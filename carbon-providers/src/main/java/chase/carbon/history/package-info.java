/**
 * The signal's past on this host's disk, and what a restart must not lose. Files only grow, within
 * bounds; what is damaged is moved aside, never deleted, and warned of once.
 */
@NullMarked
package chase.carbon.history;

import org.jspecify.annotations.NullMarked;
