@NullMarked
package chase.zeus.gpu;

import org.jspecify.annotations.NullMarked;
