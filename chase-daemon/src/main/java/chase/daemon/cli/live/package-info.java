/**
 * What goes on being shown until its reader ends it. Knows how to draw, and not what a daemon is:
 * whoever shows something hands in what it is now.
 */
@NullMarked
package chase.daemon.cli.live;

import org.jspecify.annotations.NullMarked;
