/**
 * The control socket: HTTP/1.1 and JSON on a Unix domain socket. Binds requests to records,
 * executes commands and answers once they are done; decides nothing.
 */
@NullMarked
package chase.daemon.control;

import org.jspecify.annotations.NullMarked;
