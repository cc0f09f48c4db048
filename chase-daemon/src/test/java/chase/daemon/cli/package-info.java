@NullMarked
package chase.daemon.cli;

import org.jspecify.annotations.NullMarked;
