/**
 * What commands make of the grid's signal once the daemon has returned it: the CSV of its past, and
 * when a command that waits for a clean grid starts. Pure: knows no clock, socket or terminal.
 */
@NullMarked
package chase.daemon.cli.signal;

import org.jspecify.annotations.NullMarked;
