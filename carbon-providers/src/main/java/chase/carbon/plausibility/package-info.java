/** Rejects values that cannot be true: outliers, frozen feeds, zeros, values out of range. */
@NullMarked
package chase.carbon.plausibility;

import org.jspecify.annotations.NullMarked;
