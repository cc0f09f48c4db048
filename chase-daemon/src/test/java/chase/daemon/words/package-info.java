@NullMarked
package chase.daemon.words;

import org.jspecify.annotations.NullMarked;
