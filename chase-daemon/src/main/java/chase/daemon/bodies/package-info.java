/**
 * The daemon's state as the bodies of the API, for every server that shows it. Pure: each body is
 * true at the moment that it is given.
 */
@NullMarked
package chase.daemon.bodies;

import org.jspecify.annotations.NullMarked;
