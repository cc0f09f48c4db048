@NullMarked
package chase.daemon.profiles;

import org.jspecify.annotations.NullMarked;
