/** Tests of batch sizes over real sockets and databases. */
@NullMarked
package chase.daemon.batchsize;

import org.jspecify.annotations.NullMarked;
