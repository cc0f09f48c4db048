/**
 * Keeps over a restart what somebody asked for, and how far the running jobs have come: a file that
 * holds its old contents or its new ones, whenever the daemon dies. Decides nothing.
 */
@NullMarked
package chase.daemon.restart;

import org.jspecify.annotations.NullMarked;
