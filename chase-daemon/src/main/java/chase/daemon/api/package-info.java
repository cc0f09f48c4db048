/**
 * What is said on the control socket: the JSON bodies that the daemon writes and the command line
 * reads, so that the two cannot drift apart. Keys are snake_case and carry their unit; what is
 * unknown has no key.
 */
@NullMarked
package chase.daemon.api;

import org.jspecify.annotations.NullMarked;
