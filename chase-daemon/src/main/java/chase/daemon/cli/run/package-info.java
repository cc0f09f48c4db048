/**
 * What {@code chase run} decides without a daemon: which GPUs a command will use, which program it
 * is, when it must be done, and what its supervisor, a shell script, is told. Pure but for the
 * script's record and the look for the program.
 */
@NullMarked
package chase.daemon.cli.run;

import org.jspecify.annotations.NullMarked;
