/**
 * The {@code chase} command: asks the daemon over its control socket and prints what it says. Knows
 * the socket's bodies and nothing of the daemon behind them.
 */
@NullMarked
package chase.daemon.cli;

import org.jspecify.annotations.NullMarked;
