/** Holds back values that cannot be true: outliers, frozen feeds, zeros, numbers out of range. */
@NullMarked
package chase.carbon.plausibility;

import org.jspecify.annotations.NullMarked;
