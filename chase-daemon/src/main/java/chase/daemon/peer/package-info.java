/**
 * Who sits at the other end of a Unix socket, as the kernel tells it. The only room that looks
 * below an HTTP connection.
 */
@NullMarked
package chase.daemon.peer;

import org.jspecify.annotations.NullMarked;
