@NullMarked
package chase.daemon.cli.simulate;

import org.jspecify.annotations.NullMarked;
