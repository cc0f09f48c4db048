/**
 * Who may do what on the control socket: the role of whoever is at the other end, the role that
 * each route takes, how much one user may create, and the record of what was done. Knows requests
 * by their route and no other part of the daemon.
 */
@NullMarked
package chase.daemon.access;

import org.jspecify.annotations.NullMarked;
