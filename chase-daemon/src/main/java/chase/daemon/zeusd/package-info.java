/**
 * The API of Zeus's daemon, zeusd (0.3 and newer), so that Zeus's Python library works against
 * Chase unchanged. A client that sets something holds a lease of that GPU. Reads and commands;
 * decides nothing.
 */
@NullMarked
package chase.daemon.zeusd;

import org.jspecify.annotations.NullMarked;
