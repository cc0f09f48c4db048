@NullMarked
package chase.daemon.restart;

import org.jspecify.annotations.NullMarked;
