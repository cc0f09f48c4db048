/** Times, numbers, names, regions and the version as people type and read them. */
@NullMarked
package chase.daemon.text;

import org.jspecify.annotations.NullMarked;
