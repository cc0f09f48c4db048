@NullMarked
package chase.zeus.replay;

import org.jspecify.annotations.NullMarked;
