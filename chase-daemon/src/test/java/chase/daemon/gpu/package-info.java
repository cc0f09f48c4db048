@NullMarked
package chase.daemon.gpu;

import org.jspecify.annotations.NullMarked;
