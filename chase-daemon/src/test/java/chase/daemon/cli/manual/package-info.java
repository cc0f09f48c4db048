@NullMarked
package chase.daemon.cli.manual;

import org.jspecify.annotations.NullMarked;
