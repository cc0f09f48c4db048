/** Zeus's batch-size API on a TCP port, as Zeus's own server answers it. Decides nothing itself. */
@NullMarked
package chase.daemon.batchsize.zeus;

import org.jspecify.annotations.NullMarked;
