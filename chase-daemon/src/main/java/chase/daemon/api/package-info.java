/**
 * The JSON of the control socket: the bodies that the daemon writes and the command line reads, and
 * the requests. What a field means stands in docs/api-fields.md, and a test compares both. Keys are
 * snake_case and carry their unit; what is unknown has no key.
 */
@NullMarked
package chase.daemon.api;

import org.jspecify.annotations.NullMarked;
