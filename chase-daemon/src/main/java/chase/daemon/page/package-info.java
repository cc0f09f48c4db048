/**
 * The page for people, and whether the daemon is healthy: read-only, on the metrics port. What it
 * shows is put together once a second, however many look at it, and not at all while nobody does.
 */
@NullMarked
package chase.daemon.page;

import org.jspecify.annotations.NullMarked;
