/** Typed topics on the event bus, and what the daemon tells about itself while it runs. */
@NullMarked
package chase.daemon.bus;

import org.jspecify.annotations.NullMarked;
