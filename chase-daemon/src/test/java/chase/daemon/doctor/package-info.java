@NullMarked
package chase.daemon.doctor;

import org.jspecify.annotations.NullMarked;
