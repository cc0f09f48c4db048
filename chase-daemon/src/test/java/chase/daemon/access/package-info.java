@NullMarked
package chase.daemon.access;

import org.jspecify.annotations.NullMarked;
