@NullMarked
package chase.daemon.api;

import org.jspecify.annotations.NullMarked;
