@NullMarked
package chase.zeus.policy;

import org.jspecify.annotations.NullMarked;
