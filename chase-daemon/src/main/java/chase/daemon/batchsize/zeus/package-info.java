/**
 * Zeus's batch size API over HTTP: its requests, its answers and its failures, for Zeus's clients.
 */
@NullMarked
package chase.daemon.batchsize.zeus;

import org.jspecify.annotations.NullMarked;
