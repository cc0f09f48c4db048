/**
 * The API of Zeus's daemon, zeusd (0.3 and newer), so that Zeus's Python library works against
 * Chase unchanged. Whatever a client sets makes it the holder of a lease of that GPU. Asks and
 * commands; decides nothing.
 */
@NullMarked
package chase.daemon.zeusd;

import org.jspecify.annotations.NullMarked;
