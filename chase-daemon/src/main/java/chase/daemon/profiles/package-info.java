/**
 * Saves the profile of each job on disk, so that its next run need not measure again. Decides
 * nothing.
 */
@NullMarked
package chase.daemon.profiles;

import org.jspecify.annotations.NullMarked;
