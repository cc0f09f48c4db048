/**
 * What is said about Chase itself: settings and, all from the same descriptions, help, manual
 * pages, completion, and what was wrong with a command line.
 */
@NullMarked
package chase.daemon.cli.manual;

import org.jspecify.annotations.NullMarked;
