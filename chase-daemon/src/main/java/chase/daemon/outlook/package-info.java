/**
 * What the daemon knows of its grid, read by other hosts' Chases and by programs: made once for
 * each change, and sent to all from memory.
 */
@NullMarked
package chase.daemon.outlook;

import org.jspecify.annotations.NullMarked;
