/**
 * What every HTTP server of the daemon has in common: that no client can end it, exhaust it or keep
 * others from it.
 */
@NullMarked
package chase.daemon.http;

import org.jspecify.annotations.NullMarked;
