@NullMarked
package chase.daemon.grid;

import org.jspecify.annotations.NullMarked;
