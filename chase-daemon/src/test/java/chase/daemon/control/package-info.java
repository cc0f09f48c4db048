@NullMarked
package chase.daemon.control;

import org.jspecify.annotations.NullMarked;
