/**
 * A recorded signal, a profile and a policy in, an outcome out: the engine that also runs on hosts,
 * driven at full speed, and the optimum that nobody can beat who knows the whole recording.
 */
@NullMarked
package chase.zeus.replay;

import org.jspecify.annotations.NullMarked;
