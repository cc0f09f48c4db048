/**
 * Replays a recorded signal, a profile and a policy to an outcome: with the engine that also runs
 * on hosts, driven at full speed, and compared with the optimum of perfect knowledge.
 */
@NullMarked
package chase.zeus.replay;

import org.jspecify.annotations.NullMarked;
