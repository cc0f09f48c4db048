@NullMarked
package chase.daemon;

import org.jspecify.annotations.NullMarked;
