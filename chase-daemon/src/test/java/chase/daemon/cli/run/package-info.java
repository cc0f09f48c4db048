@NullMarked
package chase.daemon.cli.run;

import org.jspecify.annotations.NullMarked;
