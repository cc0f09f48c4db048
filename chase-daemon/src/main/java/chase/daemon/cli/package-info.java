/**
 * The {@code chase} command: sends requests to the daemon over its control socket and prints the
 * answers. Knows the control API's bodies and nothing of the daemon behind them.
 */
@NullMarked
package chase.daemon.cli;

import org.jspecify.annotations.NullMarked;
