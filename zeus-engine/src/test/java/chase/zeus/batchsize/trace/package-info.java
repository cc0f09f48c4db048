/** Tests of what recorded and made-up jobs become under each method. */
@NullMarked
package chase.zeus.batchsize.trace;

import org.jspecify.annotations.NullMarked;
