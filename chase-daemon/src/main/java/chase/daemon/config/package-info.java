/**
 * The configuration file as typed values. What cannot be right is refused in one line that names
 * the key, the file and the line; nothing below the daemon sees a type of this package.
 */
@NullMarked
package chase.daemon.config;

import org.jspecify.annotations.NullMarked;
