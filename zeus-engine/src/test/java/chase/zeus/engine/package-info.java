@NullMarked
package chase.zeus.engine;

import org.jspecify.annotations.NullMarked;
