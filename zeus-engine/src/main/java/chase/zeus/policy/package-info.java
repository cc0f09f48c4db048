/**
 * Which power limit is best now. Every policy is a pure function of a GPU's allowed limits, its
 * job's profile and what energy weighs; none knows a clock, a thread or a driver.
 */
@NullMarked
package chase.zeus.policy;

import org.jspecify.annotations.NullMarked;
