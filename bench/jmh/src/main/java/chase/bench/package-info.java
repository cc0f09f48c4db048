/** How long decisions and replays take. Part of no build but that of the profile {@code bench}. */
@NullMarked
package chase.bench;

import org.jspecify.annotations.NullMarked;
