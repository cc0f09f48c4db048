/** What Linux tells of the host, on trees of files like the kernel's. */
@NullMarked
package chase.daemon.host;

import org.jspecify.annotations.NullMarked;
