/**
 * The control socket: HTTP/1.1 and JSON on a Unix domain socket. Reads snapshots, hands commands on
 * and answers once they are done; decides nothing.
 */
@NullMarked
package chase.daemon.control;

import org.jspecify.annotations.NullMarked;
