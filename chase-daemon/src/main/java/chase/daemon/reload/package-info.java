/**
 * Reads the configuration again while the daemon runs: it is validated as a whole, and then applied
 * as a whole or refused with reasons; what was in force stays in force then. Keys that take a
 * restart keep their value until that, and are named.
 */
@NullMarked
package chase.daemon.reload;

import org.jspecify.annotations.NullMarked;
