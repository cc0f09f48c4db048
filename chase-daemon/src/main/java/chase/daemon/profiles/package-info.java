/** Keeps what was measured of each job on disk, so that its next run need not measure again. */
@NullMarked
package chase.daemon.profiles;

import org.jspecify.annotations.NullMarked;
