/**
 * {@code chase simulate}: its options, and the outcome of a simulation as tables or JSON. Needs no
 * daemon; the only part of the command line that knows simulations.
 */
@NullMarked
package chase.daemon.cli.simulate;

import org.jspecify.annotations.NullMarked;
