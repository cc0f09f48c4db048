/** Quantities that know their unit, so that no bare number crosses a package. */
@NullMarked
package chase.zeus.unit;

import org.jspecify.annotations.NullMarked;
