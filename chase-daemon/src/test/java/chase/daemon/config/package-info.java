@NullMarked
package chase.daemon.config;

import org.jspecify.annotations.NullMarked;
