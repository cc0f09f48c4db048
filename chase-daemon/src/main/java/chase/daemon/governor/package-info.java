/**
 * Owns the engine and the GPUs on one context: hands the engine every event, has its orders carried
 * out and publishes what changed. Decides nothing.
 */
@NullMarked
package chase.daemon.governor;

import org.jspecify.annotations.NullMarked;
