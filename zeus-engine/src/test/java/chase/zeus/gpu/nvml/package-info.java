/** The driver's end of the Gpu seam, tried on a driver of our own and, when asked, on a card. */
@NullMarked
package chase.zeus.gpu.nvml;

import org.jspecify.annotations.NullMarked;
