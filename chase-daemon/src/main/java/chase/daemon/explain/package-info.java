/**
 * Why a GPU or a job is where it is, put into words. Log, events, the control API and the command
 * line all show the words of this package, and no other package writes any. Pure: no clock, no I/O.
 */
@NullMarked
package chase.daemon.explain;

import org.jspecify.annotations.NullMarked;
