/** Tests with real sockets and real processes. */
@NullMarked
package chase.daemon.peer;

import org.jspecify.annotations.NullMarked;
