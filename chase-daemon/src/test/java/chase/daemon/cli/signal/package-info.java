@NullMarked
package chase.daemon.cli.signal;

import org.jspecify.annotations.NullMarked;
