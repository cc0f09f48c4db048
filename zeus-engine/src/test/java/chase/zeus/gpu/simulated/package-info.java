@NullMarked
package chase.zeus.gpu.simulated;

import org.jspecify.annotations.NullMarked;
