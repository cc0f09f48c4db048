@NullMarked
package chase.daemon.gpu.journal;

import org.jspecify.annotations.NullMarked;
