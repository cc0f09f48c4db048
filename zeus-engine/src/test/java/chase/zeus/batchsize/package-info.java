@NullMarked
package chase.zeus.batchsize;

import org.jspecify.annotations.NullMarked;
