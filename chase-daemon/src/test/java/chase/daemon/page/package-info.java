@NullMarked
package chase.daemon.page;

import org.jspecify.annotations.NullMarked;
