/** What people type and may mistype: times, and names that were meant to be others. */
@NullMarked
package chase.daemon.words;

import org.jspecify.annotations.NullMarked;
