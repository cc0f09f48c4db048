@NullMarked
package chase.daemon.cli.view;

import org.jspecify.annotations.NullMarked;
