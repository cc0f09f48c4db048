/**
 * How fast and how often power limits are written, whoever wants them: how long an external process
 * is given way, how limits are lowered in steps and raised together, and how many writes an hour
 * has. Knows watts and time, and neither a GPU nor a reason.
 */
@NullMarked
package chase.zeus.writes;

import org.jspecify.annotations.NullMarked;
