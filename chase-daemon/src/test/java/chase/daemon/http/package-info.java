@NullMarked
package chase.daemon.http;

import org.jspecify.annotations.NullMarked;
