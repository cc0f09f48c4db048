@NullMarked
package chase.zeus.energy;

import org.jspecify.annotations.NullMarked;
