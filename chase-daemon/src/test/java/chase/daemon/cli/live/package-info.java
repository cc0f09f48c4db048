/** Tests of what is shown live. */
@NullMarked
package chase.daemon.cli.live;

import org.jspecify.annotations.NullMarked;
