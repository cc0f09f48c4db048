@NullMarked
package chase.daemon.text;

import org.jspecify.annotations.NullMarked;
