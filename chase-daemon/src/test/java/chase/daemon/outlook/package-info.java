/** Tests of the outlook that other hosts read. */
@NullMarked
package chase.daemon.outlook;

import org.jspecify.annotations.NullMarked;
