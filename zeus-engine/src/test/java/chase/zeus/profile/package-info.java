@NullMarked
package chase.zeus.profile;

import org.jspecify.annotations.NullMarked;
