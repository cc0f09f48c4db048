@NullMarked
package chase.zeus.unit;

import org.jspecify.annotations.NullMarked;
